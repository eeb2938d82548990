import { rememberCaptions } from "./captions.js";
import { createControls, createStyleSheet } from "./controls.js";
import { showCues } from "./cues.js";
import { createMessage } from "./message.js";
import { rememberPosition } from "./position.js";
import { Session } from "./session.js";
import { mayStore } from "./storage.js";

const DEFAULT_ERROR = "The medium could not be loaded. Its link may have expired.";
const DEFAULT_RELOAD = "Reload";
const DEFAULT_REFUSED = "You may no longer watch this.";

/**
 * `<cfprivate-player>` puts controls around the `<video controls>` or `<audio controls>` that the server wrote.
 *
 * Attributes, all optional:
 * - `data-title`: what is playing; names the player for assistive technology.
 * - `data-playback`: the address that answers with new sources; without its query, the name under which the position is
 *   remembered.
 * - `data-renew-in`: seconds until it has to be asked.
 * - `data-resume`: `no` does not remember the position.
 * - `data-error`, `data-reload`: the message shown when the medium fails, and its button.
 * - `data-refused`: the message shown when the server refuses new sources and does not say why.
 * - `data-labels`: the names of the controls, as JSON `{"play": "再生", …}`; the keys are media-chrome's
 *   English words. What is missing stays English.
 *
 * Whatever goes wrong here, the browser's own controls stay.
 */
export class CfprivatePlayer extends HTMLElement {
  #session = null;
  #presence = null;

  connectedCallback() {
    this.#presence = new AbortController();
    const { signal } = this.#presence;
    const media = this.querySelector("video, audio");
    if (media && !this.shadowRoot) {
      this.#upgrade(media);
    } else if (!media && document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true, signal });
    }
    if (this.#session) this.#start(media, signal);
  }

  /** Whoever puts the element back finds it as it was. */
  disconnectedCallback() {
    this.#session?.stop();
    this.#presence?.abort();
  }

  #start(media, signal) {
    const { playback, resume } = this.dataset;
    if (media && playback && resume !== "no") rememberPosition(media, playback.split("?", 1)[0], signal);
    this.#session.start();
  }

  /** @param {HTMLMediaElement} media */
  #upgrade(media) {
    try {
      const controller = this.#addControls(media);
      rememberCaptions(media, controller);
      const { playback, renewIn, refused = DEFAULT_REFUSED } = this.dataset;
      this.#session = new Session(media, this.#addMessage(controller), { playback, renewIn, refused });
    } catch (error) {
      this.#restore(media);
      console.error("cfprivate-player keeps the browser's own controls:", error);
    }
  }

  /**
   * The controls surround the medium in the shadow root, and the medium stays where it is: to move it could stop
   * it, and in Chromium a video that is moved while it loads never says that its source failed.
   *
   * @param {HTMLMediaElement} media
   */
  #addControls(media) {
    const { title, labels } = this.dataset;
    const language = this.closest("[lang]")?.lang || "en";
    const controls = createControls(media, language, labels ? JSON.parse(labels) : {});
    const controller = controls.querySelector("media-controller");
    // It remembers the language of captions without asking whether it may.
    controller.toggleAttribute("nosubtitleslangpref", !mayStore());
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets.push(createStyleSheet());
    media.slot = "media";
    root.append(controls);
    if (media.localName === "audio") showCues(media, root.querySelector(".cues"));
    if (title) controller.setAttribute("aria-label", `${controller.getAttribute("aria-label")}: ${title}`);
    media.controls = false;
    return controller;
  }

  #addMessage(controller) {
    const { error = DEFAULT_ERROR, reload = DEFAULT_RELOAD } = this.dataset;
    const message = createMessage(error, reload, () => location.reload());
    controller.append(message.element);
    return message;
  }

  /** @param {HTMLMediaElement} media */
  #restore(media) {
    this.shadowRoot?.replaceChildren(document.createElement("slot"));
    media.removeAttribute("slot");
    media.controls = true;
  }
}
