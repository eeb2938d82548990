import { goOn, placeOf } from "./place.js";
import { Renewal } from "./renewal.js";
import { Renditions } from "./renditions.js";
import { OwnStream, hlsSource, isBroken, isHls, isLeft, needsHls, sourcesOf } from "./sources.js";

/** One medium while its page is open: its sources, what makes them new, and what is told when they fail. */
export class Session {
  #media;
  #message;
  #sources;
  #stream;
  #renewal = null;
  #running = false;
  #awaitsHls;
  #switched = false;
  #refused = false;
  #mended = null;

  /**
   * @param {HTMLMediaElement} media
   * @param {{show: (text?: string) => void, hide: () => void}} message
   * @param {{playback?: string, renewIn?: string, refused: string}} options the element's attributes
   */
  constructor(media, message, { playback, renewIn, refused }) {
    this.#media = media;
    this.#message = message;
    this.#sources = [...sourcesOf(media)].map(({ src, type }) => ({ src, type }));
    this.#stream = new OwnStream(media);
    this.#awaitsHls = needsHls(media);
    if (hlsSource(this.#sources)) media.videoRenditions = new Renditions();
    if (playback) this.#renewal = this.#createRenewal(playback, Number(renewIn), refused);
    this.#watch();
  }

  start() {
    this.#running = true;
    if (!this.#refused) this.#renewal?.start();
    this.#stream.start();
    if (this.#awaitsHls) this.#loadHls();
  }

  stop() {
    this.#running = false;
    this.#renewal?.stop();
    this.#stream.stop();
  }

  #createRenewal(url, renewIn, refused) {
    return new Renewal(url, renewIn, {
      answered: (answer, urgent) => this.#renew(answer, urgent),
      refused: (text = refused) => this.#refuse(text),
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
    if (media.error) this.#failed(media);
    // All sources have failed before anybody listened, or the browser has not begun with the first: both look the same.
    else if (isBroken(media) && !this.#awaitsHls) media.load();
  }

  /** The signature may have expired: ask for another, unless that was to no avail or cannot be the reason. */
  #failed(target) {
    if (this.#refused || this.#awaitsHls || (target !== this.#media && this.#stream.usesMediaSource)) return;
    if (this.#media.error?.code === MediaError.MEDIA_ERR_DECODE && this.#stream.recover()) return;
    if (this.#renewal && !this.#isHopeless()) this.#renewal.hurry();
    else if (!this.#switch()) this.#message.show();
  }

  /** Once may be the network; more often, or after its end, the signature may be refused. */
  #unanswered(times) {
    if (this.#renewal && (times > 1 || Date.now() >= this.#renewal.expires)) this.#failed(this.#media);
  }

  /** What Media Source Extensions play has no signature, so that an error of the medium itself has another reason. */
  #isHopeless() {
    const { error, currentTime } = this.#media;
    if (error && (this.#stream.usesMediaSource || error.code === MediaError.MEDIA_ERR_DECODE)) return true;
    const mended = this.#mended;
    return mended !== null && Math.abs(currentTime - mended) < 1 && Date.now() < this.#renewal.expires;
  }

  #renew({ sources, poster, tracks = [], credentials }, urgent) {
    const media = this.#media;
    if (credentials) media.crossOrigin = "use-credentials";
    if (poster && media.getAttribute("poster") !== poster) media.poster = poster;
    tracks.forEach((track) => renewTrack(media, track));
    this.#sources = sources;
    if (urgent) this.#mended = media.currentTime;
    // In an urgent case the medium has failed, and here nothing in the answer takes its place.
    if (!this.#stream.replace(this.#playable, { force: urgent }) && urgent) this.#message.show();
  }

  /** Where HLS has failed, its source is no choice any more. */
  get #playable() {
    const isLost = this.#switched && !this.#stream.usesMediaSource && !this.#awaitsHls;
    return isLost ? this.#sources.filter((source) => !isHls(source)) : this.#sources;
  }

  #refuse(text) {
    this.#refused = true;
    this.#awaitsHls = false;
    this.#stream.unload();
    this.#message.show(text);
  }

  /** Once, what has failed for good leaves its place: HLS to a file, files to HLS. */
  #switch() {
    if (this.#switched) return false;
    this.#switched = true;
    return this.#stream.usesMediaSource ? this.#leaveHls() : this.#tryHls();
  }

  #leaveHls() {
    const media = this.#media;
    const place = placeOf(media);
    this.#stream.unload();
    this.#stream = new OwnStream(media);
    const found = this.#stream.replace(this.#playable, { force: true });
    goOn(media, place);
    return found;
  }

  #tryHls() {
    const source = hlsSource(this.#sources);
    if (!source || isLeft(this.#media, source)) return false;
    this.#awaitsHls = true;
    this.#loadHls();
    return true;
  }

  /** The other bundle plays HLS. Without it, the browser's own way stays: another source, or the message. */
  async #loadHls() {
    try {
      const { createHlsStream } = await import(HLS_BUNDLE);
      if (this.#running && this.#awaitsHls) this.#useHls(createHlsStream); // else it waits until it is put back
    } catch (error) {
      console.error("cfprivate-player cannot play HLS:", error);
      this.#awaitsHls = false;
    }
    if (!this.#awaitsHls && !this.#stream.usesMediaSource && isBroken(this.#media)) this.#message.show();
  }

  #useHls(createHlsStream) {
    const media = this.#media;
    const { src } = hlsSource(this.#sources);
    this.#stream = createHlsStream(media, new URL(src, document.baseURI).href, {
      failed: () => this.#failed(media),
      unanswered: (times) => this.#unanswered(times),
    });
    this.#awaitsHls = false;
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
