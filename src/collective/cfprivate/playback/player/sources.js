import { goOn, placeOf } from "./place.js";

/**
 * The sources of a medium, as the server writes and tells them.
 *
 * @typedef {{src: string, type: string}} Source
 */

const HLS = /^(application\/(vnd\.apple\.|x-)|audio\/(x-)?)mpegurl/i;

/** @param {Source} source */
export function isHls({ type }) {
  return HLS.test(type);
}

/** @param {Source[] | NodeListOf<HTMLSourceElement>} sources */
export function hlsSource(sources) {
  return [...sources].find(isHls);
}

/** @param {HTMLMediaElement} media */
export function sourcesOf(media) {
  return media.querySelectorAll(":scope > source");
}

/** Whether the first source that can be played is HLS, and not left to the browser. */
export function needsHls(media) {
  const first = [...sourcesOf(media)].find((source) => isHls(source) || !source.type || media.canPlayType(source.type));
  return first !== undefined && isHls(first) && !isLeft(media, first);
}

/** Whether an HLS source is left to the browser. */
export function isLeft(media, { type }) {
  return media.canPlayType(type) !== "" && isTrusted(media);
}

/**
 * Whether a browser that claims to play HLS does so with a playlist and segments from two servers. Apple's do (and
 * AirPlay needs it), as does who has nothing else. Chromium 156 fails at the first segment, if the video has no
 * `crossorigin`.
 */
function isTrusted(media) {
  return "webkitShowPlaybackTargetPicker" in media || !("MediaSource" in window || "ManagedMediaSource" in window);
}

/** Whether cookies open a source, and not its address: they are renewed beside it. */
export function sendsCookies({ crossOrigin }, src) {
  return crossOrigin === "use-credentials" && new URL(src, document.baseURI).origin !== location.origin;
}

/** Whether a medium has already failed. */
export function isBroken(media) {
  return media.error !== null || media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE;
}

/** What the browser plays by itself: files, and where it can, HLS. */
export class OwnStream {
  usesMediaSource = false;
  #media;

  /** @param {HTMLMediaElement} media */
  constructor(media) {
    this.#media = media;
  }

  /**
   * Take other sources, where they are needed, and go on at the same place.
   *
   * @param {Source[]} sources
   * @param {{force: boolean}} options `force`: the present ones have failed
   * @returns {boolean} whether there is any that can take their place
   */
  replace(sources, { force }) {
    if (sources.length === 0) return false;
    if (force || this.#needs(sources)) this.#load(sources);
    return true;
  }

  #load(sources) {
    const media = this.#media;
    const place = placeOf(media);
    media.removeAttribute("src");
    sourcesOf(media).forEach((source) => source.remove());
    media.prepend(...sources.map(createSource));
    media.load();
    goOn(media, place);
  }

  /** A recorded HLS stream keeps the signatures of its first playlist; a live one fetches new playlists by itself. */
  #needs(sources) {
    const present = [...sourcesOf(this.#media)];
    const playing = hlsSource(present)?.src === this.#media.currentSrc;
    if (playing && sendsCookies(this.#media, this.#media.currentSrc)) return hlsSource(sources)?.src !== this.#media.currentSrc;
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
