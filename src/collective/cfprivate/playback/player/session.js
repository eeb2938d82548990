import { goOn, placeOf } from "./place.js";
import { Renewal } from "./renewal.js";
import { Renditions } from "./renditions.js";
import { OwnStream, hlsSource, isBroken, needsHls, sourcesOf } from "./sources.js";

/** One medium while its page is open: its sources, what makes them new, and what is told when they fail. */
export class Session {
  #media;
  #message;
  #stream;
  #renewal = null;
  #loadingHls = false;
  #refused = false;
  #mended = null;

  /**
   * @param {HTMLMediaElement} media
   * @param {{show: (text?: string) => void, hide: () => void}} message
   * @param {{playback?: string, renewIn?: string}} dataset of the element
   */
  constructor(media, message, { playback, renewIn }) {
    this.#media = media;
    this.#message = message;
    this.#stream = new OwnStream(media);
    if (playback) this.#renewal = this.#createRenewal(playback, Number(renewIn));
    if (needsHls(media)) this.#loadHls();
    this.#watch();
  }

  start() {
    if (!this.#refused) this.#renewal?.start();
    this.#stream.start();
  }

  stop() {
    this.#renewal?.stop();
    this.#stream.stop();
  }

  #createRenewal(url, renewIn) {
    return new Renewal(url, renewIn, {
      answered: (answer, urgent) => this.#renew(answer, urgent),
      refused: (text) => this.#refuse(text),
      gaveUp: () => this.#message.show(),
      idle: () => document.hidden && this.#media.paused,
    });
  }

  #watch() {
    const media = this.#media;
    // Neither event bubbles. A source that fails tells only itself; the medium is lost with the last one.
    media.addEventListener("error", ({ target }) => {
      if (target === media || target === [...sourcesOf(media)].at(-1)) this.#failed(target);
    }, { capture: true });
    media.addEventListener("loadedmetadata", () => this.#message.hide());
    media.addEventListener("play", () => this.#renewal?.wake());
    if (isBroken(media)) this.#failed(media);
  }

  /** The signature may have expired: ask for another, unless that was to no avail or cannot be the reason. */
  #failed(target) {
    if (this.#refused || this.#loadingHls || (target !== this.#media && this.#stream.usesMediaSource)) return;
    if (this.#media.error?.code === MediaError.MEDIA_ERR_DECODE && this.#stream.recover()) return;
    if (this.#renewal && !this.#isHopeless()) this.#renewal.hurry();
    else this.#message.show();
  }

  #isHopeless() {
    const { error, currentTime } = this.#media;
    if (error?.code === MediaError.MEDIA_ERR_DECODE) return true;
    const mended = this.#mended;
    return mended !== null && Math.abs(currentTime - mended) < 1 && Date.now() < this.#renewal.expires;
  }

  #renew({ sources, poster, tracks = [] }, urgent) {
    const media = this.#media;
    const place = placeOf(media);
    if (urgent) this.#mended = place.time;
    if (!this.#stream.replace(sources, { force: urgent, time: place.time })) {
      if (urgent) this.#message.show(); // the medium has failed, and nothing in the answer takes its place
      return;
    }
    if (poster && media.poster !== poster) media.poster = poster;
    tracks.forEach((track) => renewTrack(media, track));
    goOn(media, place);
  }

  #refuse(text) {
    this.#refused = true;
    this.#stream.unload();
    this.#message.show(text);
  }

  /** The other bundle plays HLS. Without it, the browser's own way stays: another source, or the message. */
  async #loadHls() {
    this.#loadingHls = true;
    this.#media.videoRenditions = new Renditions();
    try {
      const { createHlsStream } = await import(HLS_BUNDLE);
      this.#useHls(createHlsStream);
    } catch (error) {
      console.error("cfprivate-player cannot play HLS:", error);
    }
    this.#loadingHls = false;
    if (!this.#stream.usesMediaSource && isBroken(this.#media)) this.#message.show();
  }

  #useHls(createHlsStream) {
    const media = this.#media;
    const place = placeOf(media);
    const { src } = hlsSource(sourcesOf(media));
    this.#stream = createHlsStream(media, src, () => this.#failed(media));
    goOn(media, place);
  }
}

/** Captions that are loaded stay; those that may yet be asked for get their new address. */
function renewTrack(media, { src, kind, srclang }) {
  const elements = [...media.querySelectorAll(":scope > track")];
  const element = elements.find((track) => track.kind === kind && track.srclang === srclang);
  if (element && element.readyState !== HTMLTrackElement.LOADED && element.getAttribute("src") !== src) {
    element.src = src;
  }
}
