/** The second bundle: HLS by Media Source, for browsers that do not play it by themselves. */

import Hls from "hls.js";
import { hlsSource, sourcesOf } from "../sources.js";
import { PatientLoader, patient } from "./loader.js";

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
  #hls;
  #recovered = false;

  constructor(media, src, failed) {
    this.#hls = new Hls(media.querySelector("track") ? { ...CONFIG, ...WITHOUT_CAPTIONS } : CONFIG);
    this.#hls.on(Hls.Events.ERROR, (_, error) => this.#judge(error, failed));
    this.#hls.on(Hls.Events.MANIFEST_PARSED, () => this.#offer(media.videoRenditions));
    media.videoRenditions.addEventListener("change", () => this.#select(media.videoRenditions));
    media.addEventListener("play", () => { this.#hls.config.maxMaxBufferLength = AHEAD; }, { once: true });
    if (!media.paused) this.#hls.config.maxMaxBufferLength = AHEAD;
    sourcesOf(media).forEach((source) => source.remove()); // else the browser tries them between two playlists
    this.#hls.attachMedia(media);
    this.#hls.loadSource(src);
  }

  replace(sources, { force, time }) {
    const source = hlsSource(sources);
    const live = this.#hls.latestLevelDetails?.live;
    if (!source || (live && !force)) return false;
    this.#recovered = false;
    this.#hls.config.startPosition = time || -1;
    this.#hls.loadSource(source.src);
    return true;
  }

  recover() {
    if (this.#recovered) return false;
    this.#recovered = true;
    this.#hls.recoverMediaError();
    return true;
  }

  unload() {
    this.#hls.destroy();
  }

  start() {
    this.#hls.resumeBuffering();
  }

  stop() {
    this.#hls.pauseBuffering();
  }

  /** A segment that is forbidden stays so in every quality: its signature has expired. */
  #judge({ fatal, type, response }, failed) {
    const expired = type === Hls.ErrorTypes.NETWORK_ERROR && response?.code === 403;
    if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR && this.recover()) return;
    if (fatal || expired) failed();
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
 * @param {string} src of the playlist
 * @param {() => void} failed is called when it cannot be played, or not any more
 */
export function createHlsStream(media, src, failed) {
  if (!Hls.isSupported()) throw new Error("this browser has no Media Source Extensions");
  return new HlsStream(media, src, failed);
}
