import { createControls, createStyleSheet } from "./controls.js";
import { createMessage } from "./message.js";

const DEFAULT_ERROR = "The video could not be loaded. Its link may have expired.";
const DEFAULT_RELOAD = "Reload";

/**
 * `<cfprivate-player>` puts controls around the `<video controls>` that the server wrote.
 *
 * Attributes, all optional:
 * - `data-title`: what is playing; names the player for assistive technology.
 * - `data-error`, `data-reload`: the message shown when the medium fails, and its button.
 * - `data-labels`: the names of the controls, as JSON `{"play": "再生", …}`; the keys are media-chrome's
 *   English words. What is missing stays English.
 *
 * Whatever goes wrong here, the browser's own controls stay.
 */
export class CfprivatePlayer extends HTMLElement {
  connectedCallback() {
    const video = this.querySelector("video");
    if (video && !this.shadowRoot) {
      this.#upgrade(video);
    } else if (!video && document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
    }
  }

  /** @param {HTMLVideoElement} video */
  #upgrade(video) {
    try {
      this.#addControls(video);
      this.#watchErrors(video);
    } catch (error) {
      this.#restore(video);
      console.error("cfprivate-player keeps the browser's own controls:", error);
    }
  }

  /**
   * The controls surround the video in the shadow root, and the video stays where it is: to move it could stop
   * it, and in Chromium a video that is moved while it loads never says that its source failed.
   *
   * @param {HTMLVideoElement} video
   */
  #addControls(video) {
    const { title, labels } = this.dataset;
    const language = this.closest("[lang]")?.lang || "en";
    const controls = createControls(language, labels ? JSON.parse(labels) : {});
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets.push(createStyleSheet());
    video.slot = "media";
    root.append(controls);

    const controller = root.querySelector("media-controller");
    if (title) controller.setAttribute("aria-label", `${controller.getAttribute("aria-label")}: ${title}`);
    // Buttons make themselves focusable; this one repeats another.
    root.querySelector(".start").tabIndex = -1;
    video.controls = false;
  }

  /** @param {HTMLVideoElement} video */
  #watchErrors(video) {
    const { error = DEFAULT_ERROR, reload = DEFAULT_RELOAD } = this.dataset;
    const message = createMessage(error, reload, () => location.reload());
    this.shadowRoot.querySelector("media-controller").append(message.element);

    // Neither event bubbles. A source that fails tells only itself; the video is lost with the last one.
    this.addEventListener("error", ({ target }) => {
      if (target === video || target === video.querySelector("source:last-of-type")) message.show();
    }, { capture: true });
    video.addEventListener("loadedmetadata", () => message.hide());
    if (video.error || video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) message.show();
  }

  /** @param {HTMLVideoElement} video */
  #restore(video) {
    this.shadowRoot?.replaceChildren(document.createElement("slot"));
    video.removeAttribute("slot");
    video.controls = true;
  }
}
