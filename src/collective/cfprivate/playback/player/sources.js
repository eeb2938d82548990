/**
 * The sources of a medium, as the server writes and tells them.
 *
 * @typedef {{src: string, type: string}} Source
 */

const HLS = /^(application\/(vnd\.apple\.|x-)|audio\/(x-)?)mpegurl/i;

/** @param {Source[] | NodeListOf<HTMLSourceElement>} sources */
export function hlsSource(sources) {
  return [...sources].find(({ type }) => HLS.test(type));
}

/** @param {HTMLMediaElement} media */
export function sourcesOf(media) {
  return media.querySelectorAll(":scope > source");
}

/** Whether a medium has an HLS source that is not left to its browser. */
export function needsHls(media) {
  const source = hlsSource(sourcesOf(media));
  return source !== undefined && !(media.canPlayType(source.type) && isTrusted(media));
}

/**
 * Whether a browser that claims to play HLS does so with a playlist and segments from two servers. Apple's do (and
 * AirPlay needs it), as does who has nothing else. Chromium 156 fails at the first segment, if the video has no
 * `crossorigin`.
 */
function isTrusted(media) {
  return "webkitShowPlaybackTargetPicker" in media || !("MediaSource" in window || "ManagedMediaSource" in window);
}

/** Whether a medium has already failed. */
export function isBroken(media) {
  return media.error !== null || media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE;
}

/** What the browser plays by itself: files, and where it can, HLS. */
export class OwnStream {
  #media;

  /** @param {HTMLMediaElement} media */
  constructor(media) {
    this.#media = media;
  }

  /**
   * Take other sources, where they are needed.
   *
   * @param {Source[]} sources
   * @param {{force: boolean}} options `force`: the present ones have failed
   * @returns {boolean} whether the medium loads them now
   */
  replace(sources, { force }) {
    if (!force && !this.#needs(sources)) return false;
    const media = this.#media;
    media.removeAttribute("src");
    sourcesOf(media).forEach((source) => source.remove());
    media.prepend(...sources.map(createSource));
    media.load();
    return true;
  }

  /** A recorded HLS stream keeps the signatures of its first playlist; a live one fetches new playlists by itself. */
  #needs(sources) {
    const present = [...sourcesOf(this.#media)];
    const playing = hlsSource(present)?.src === this.#media.currentSrc;
    const addresses = present.map((source) => source.getAttribute("src"));
    const changed = sources.map(({ src }) => src).join(" ") !== addresses.join(" ");
    return playing ? this.#media.duration !== Infinity : changed;
  }

  /** A file that cannot be decoded stays so. */
  recover() {
    return false;
  }

  unload() {
    this.#media.removeAttribute("src");
    sourcesOf(this.#media).forEach((source) => source.remove());
    this.#media.load();
  }

  start() {}

  stop() {}
}

/** @param {Source} source */
function createSource({ src, type }) {
  return Object.assign(document.createElement("source"), { src, type });
}
