/** The second bundle: HLS by Media Source, for browsers that do not play it by themselves. */

import Hls from "hls.js";
import { goOn, placeOf } from "../place.js";
import { hlsSource, sendsCookies, sourcesOf } from "../sources.js";
import { PatientLoader, patient } from "./loader.js";
import { NewestSignature, signedAnew } from "./signature.js";
import { Thumbnails, thumbnailsIn } from "./thumbnails.js";

const AHEAD = 60; // seconds

const CONFIG = {
  enableWorker: false, // it would come from a blob:, which `worker-src 'self'` refuses
  pLoader: PatientLoader,
  manifestLoadPolicy: patient(Hls.DefaultConfig.manifestLoadPolicy),
  playlistLoadPolicy: patient(Hls.DefaultConfig.playlistLoadPolicy),
  liveDurationInfinity: true,
  maxMaxBufferLength: 1, // until somebody plays it, as preload="metadata" has it
};

// The captions that the server wrote take the place of the stream's own.
const WITHOUT_CAPTIONS = {
  subtitleStreamController: undefined,
  subtitleTrackController: undefined,
  timelineController: undefined,
};

/** Plays a playlist; the same interface as `OwnStream`. */
class HlsStream {
  usesMediaSource = true;
  #media;
  #handlers;
  #hls;
  #src;
  #signature;
  #thumbnails;
  #loading = null;
  #renewing = null;
  #recovered = false;
  #unanswered = 0;
  #stopped = false;

  constructor(media, src, handlers) {
    const place = placeOf(media);
    this.#media = media;
    this.#handlers = handlers;
    this.#hls = this.#createHls();
    this.#thumbnails = new Thumbnails(media);
    media.videoRenditions.addEventListener("change", () => this.#select(media.videoRenditions));
    media.addEventListener("play", () => { this.#hls.config.maxMaxBufferLength = AHEAD; }, { once: true });
    if (!media.paused) this.#hls.config.maxMaxBufferLength = AHEAD;
    sourcesOf(media).forEach((source) => source.remove()); // else the browser tries them between two playlists
    this.#hls.attachMedia(media);
    this.#load(src, place);
  }

  #createHls() {
    const xhrSetup = (request, url) => {
      request.open("GET", this.#signature.put(url), true);
      request.withCredentials = this.#takesCookies(url);
    };
    const hls = new Hls({ ...CONFIG, ...(this.#media.querySelector("track") ? WITHOUT_CAPTIONS : {}), xhrSetup });
    hls.on(Hls.Events.ERROR, (_, error) => this.#judge(error));
    hls.on(Hls.Events.FRAG_LOADED, () => { this.#unanswered = 0; });
    hls.on(Hls.Events.MANIFEST_PARSED, (_, { sessionData }) => {
      this.#offer(this.#media.videoRenditions);
      this.#showThumbnails(thumbnailsIn(sessionData, this.#src));
    });
    return hls;
  }

  /** A live stream fetches new playlists anyway; a recorded one goes on with what it has loaded. */
  replace(sources, { force }) {
    const source = hlsSource(sources);
    if (!source) return false;
    const src = new URL(source.src, document.baseURI).href;
    const details = this.#hls.latestLevelDetails;
    if (force || !details || src !== this.#src) this.#load(src);
    else if (!details.live && !sendsCookies(this.#media, src)) this.#renew(details);
    return true;
  }

  #load(src, place = placeOf(this.#media)) {
    this.#renewing?.abort();
    this.#loading?.abort();
    this.#loading = new AbortController();
    this.#src = src;
    this.#signature = new NewestSignature();
    this.#recovered = false;
    this.#unanswered = 0;
    this.#hls.config.startPosition = place.time || -1;
    this.#hls.loadSource(src);
    goOn(this.#media, place);
  }

  /** New signatures for all that is loaded from now on. */
  async #renew({ url, fragments }) {
    this.#renewing?.abort();
    const { signal } = (this.#renewing = new AbortController());
    try {
      this.#signature.take(await signedAnew(url, fragments[0].url, signal));
      this.#thumbnails.renew((picture) => this.#signature.put(picture));
    } catch {
      if (!signal.aborted) this.#load(this.#src);
    }
  }

  recover() {
    if (this.#recovered) return false;
    this.#recovered = true;
    this.#hls.recoverMediaError();
    return true;
  }

  unload() {
    this.#renewing?.abort();
    this.#loading?.abort();
    this.#thumbnails.remove();
    this.#hls.destroy();
    this.#media.videoRenditions.fill([]);
  }

  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    if (this.#hls.latestLevelDetails) this.#hls.startLoad();
    else this.#load(this.#src);
  }

  stop() {
    this.#stopped = true;
    this.#renewing?.abort();
    this.#hls.stopLoad();
  }

  /**
   * A segment that is forbidden stays so in every quality: its signature has expired. An answer without CORS headers
   * has the code 0, as has none.
   */
  #judge({ fatal, type, response }) {
    const code = type === Hls.ErrorTypes.NETWORK_ERROR ? response?.code : undefined;
    if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR && this.recover()) return;
    if (fatal || code === 403) this.#handlers.failed();
    else if (code === 0) this.#handlers.unanswered((this.#unanswered += 1));
  }

  /** Cookies are for the server of the playlist, and no other that it names. */
  #takesCookies(url) {
    return sendsCookies(this.#media, this.#src) && new URL(url).origin === new URL(this.#src).origin;
  }

  #showThumbnails(url) {
    const credentials = url && this.#takesCookies(url) ? "include" : "same-origin";
    this.#thumbnails.load(url, { credentials, signal: this.#loading.signal });
  }

  #offer(renditions) {
    const levels = this.#hls.levels.map(({ width, height, bitrate }, id) => ({ id: `${id}`, width, height, bitrate }));
    const known = levels.filter(({ height }) => height);
    renditions.fill(known.length > 1 ? known : []);
    if (renditions.selectedIndex !== -1) this.#select(renditions);
  }

  #select(renditions) {
    const rendition = renditions[renditions.selectedIndex];
    this.#hls.nextLevel = rendition ? Number(rendition.id) : -1;
  }
}

/**
 * @param {HTMLMediaElement} media
 * @param {string} src of the playlist, absolute
 * @param {{failed: () => void, unanswered: (times: number) => void}} handlers `failed`: it cannot be played, or not
 *   any more; `unanswered`: so many requests one after the other had an answer that cannot be read, or none
 */
export function createHlsStream(media, src, handlers) {
  if (!Hls.isSupported()) throw new Error("this browser has no Media Source Extensions");
  return new HlsStream(media, src, handlers);
}
