import "media-chrome/media-airplay-button";
import MediaChromeButton from "media-chrome/media-chrome-button";
import MediaChromeRange from "media-chrome/media-chrome-range";
import MediaControlBar from "media-chrome/media-control-bar";
import MediaController from "media-chrome/media-controller";
import "media-chrome/media-fullscreen-button";
import MediaGestureReceiver from "media-chrome/media-gesture-receiver";
import MediaLoadingIndicator from "media-chrome/media-loading-indicator";
import "media-chrome/media-mute-button";
import "media-chrome/media-pip-button";
import "media-chrome/media-play-button";
import "media-chrome/media-playback-rate-button";
import MediaPreviewThumbnail from "media-chrome/media-preview-thumbnail";
import "media-chrome/media-seek-backward-button";
import "media-chrome/media-seek-forward-button";
import MediaTextDisplay from "media-chrome/media-text-display";
import "media-chrome/media-time-display";
import "media-chrome/media-time-range";
import MediaTooltip from "media-chrome/media-tooltip";
import "media-chrome/media-volume-range";
import "media-chrome/menu/media-captions-menu";
import "media-chrome/menu/media-captions-menu-button";
import MediaChromeMenu from "media-chrome/menu/media-chrome-menu";
import MediaChromeMenuItem from "media-chrome/menu/media-chrome-menu-item";
import "media-chrome/menu/media-rendition-menu";
import "media-chrome/menu/media-rendition-menu-button";
import "media-chrome/menu/media-settings-menu-button";
import { addTranslation, setLanguage, t } from "media-chrome/utils/i18n";
import css from "./controls.shadow.css";
import "./settings.js";
import "./start.js";
import { adoptStyles } from "./styles.js";

adoptStyles([
  MediaChromeButton,
  MediaChromeMenu,
  MediaChromeMenuItem,
  MediaChromeRange,
  MediaControlBar,
  MediaController,
  MediaGestureReceiver,
  MediaLoadingIndicator,
  MediaPreviewThumbnail,
  MediaTextDisplay,
  MediaTooltip,
]);

const CENTER = `
  <media-loading-indicator slot="centered-chrome" noautohide>
    <span slot="icon" class="spinner"></span>
  </media-loading-indicator>
  <cfprivate-start-button slot="centered-chrome" aria-hidden="true" notooltip></cfprivate-start-button>`;

const RATES = "0.5 0.75 1 1.25 1.5 2";

const FOR_PICTURES = `
      <media-rendition-menu-button></media-rendition-menu-button>
      <media-pip-button></media-pip-button>`;

// media-chrome has a button that leads back in every menu, unseen where nothing leads back; the role forbids it even so.
const NO_HEADER = '<span slot="header" hidden></span>';

const submenuOf = (name, label, attributes = "") => `
    <media-settings-menu-item>
      <span data-label="${label}"></span>
      <${name} slot="submenu" hidden ${attributes}>
        <button slot="header" part="back button" type="button" role="menuitem">
          <span aria-hidden="true" class="arrow"></span><span data-label="${label}"></span>
        </button>
      </${name}>
    </media-settings-menu-item>`;

const menusOf = (video) => `
  <media-captions-menu hidden anchor="auto">${NO_HEADER}</media-captions-menu>
  ${video ? `<media-rendition-menu hidden anchor="auto">${NO_HEADER}</media-rendition-menu>` : ""}
  <cfprivate-settings-menu id="settings" hidden anchor="auto">
    ${NO_HEADER}
    ${submenuOf("cfprivate-playback-rate-menu", "Playback rate", `rates="${RATES}"`)}
    ${video ? submenuOf("cfprivate-rendition-menu", "Quality") : ""}
    ${video ? "<cfprivate-pip-item></cfprivate-pip-item>" : ""}
    <cfprivate-airplay-item data-label="Start airplay"></cfprivate-airplay-item>
  </cfprivate-settings-menu>`;

// The dialog of keyboard shortcuts is off: media-chrome has it in English only.
const templateOf = (video) => `
<media-controller hotkeys="noshift+/ ${video ? "" : "nof nop"}" ${video ? "" : "audio"}>
  <slot name="media" slot="media"></slot>
  ${video ? CENTER : ""}
  ${video ? "" : '<div class="cues" hidden></div>'}
  <div class="bottom">
    <media-control-bar>
      <media-time-range></media-time-range>
    </media-control-bar>
    <media-control-bar>
      <media-play-button></media-play-button>
      <media-seek-backward-button seekoffset="10"></media-seek-backward-button>
      <media-seek-forward-button seekoffset="10"></media-seek-forward-button>
      <media-mute-button></media-mute-button>
      <media-volume-range></media-volume-range>
      <media-time-display showduration notoggle></media-time-display>
      <span class="space"></span>
      <media-playback-rate-button rates="${RATES}"></media-playback-rate-button>
      <media-captions-menu-button></media-captions-menu-button>
      ${video ? FOR_PICTURES : ""}
      <media-airplay-button></media-airplay-button>
      <media-settings-menu-button invoketarget="settings"></media-settings-menu-button>
      ${video ? "<media-fullscreen-button></media-fullscreen-button>" : ""}
    </media-control-bar>
  </div>
  ${menusOf(video)}
</media-controller>
<slot></slot>`;

/**
 * The controls, with a slot for the medium and another below for what else the element holds.
 *
 * @param {HTMLMediaElement} media a video, or an audio with fewer controls
 * @param {string} language of the page, e.g. `ja`
 * @param {Record<string, string>} labels media-chrome's English words in that language
 * @returns {DocumentFragment}
 */
export function createControls(media, language, labels) {
  addTranslation(language, labels);
  setLanguage(language);
  const template = document.createElement("template");
  template.innerHTML = templateOf(media.localName === "video");
  const controls = document.importNode(template.content, true);
  const controller = controls.querySelector("media-controller");
  if (!controller.shadowRoot) throw new Error("media-controller is not available");
  nameEntries(controls);
  return controls;
}

/** The entries of the settings, and the buttons that lead back to them; media-chrome has no words for these. */
function nameEntries(controls) {
  for (const element of controls.querySelectorAll("[data-label]")) element.textContent = t(element.dataset.label);
  for (const button of controls.querySelectorAll("button[slot='header']")) {
    button.setAttribute("aria-label", `${t("Back to previous menu")}: ${button.textContent.trim()}`);
  }
}

/** @returns {CSSStyleSheet} the style of the controls */
export function createStyleSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
