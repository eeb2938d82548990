/** What a narrow player has in a menu. */

import MediaPlaybackRateMenu from "media-chrome/menu/media-playback-rate-menu";
import MediaRenditionMenu from "media-chrome/menu/media-rendition-menu";
import MediaSettingsMenu from "media-chrome/menu/media-settings-menu";
import MediaSettingsMenuItem from "media-chrome/menu/media-settings-menu-item";
import { t } from "media-chrome/utils/i18n";

const IS_PIP = "mediaispip";

/** The keyboard goes to those entries that are seen. */
class SettingsMenu extends MediaSettingsMenu {
  get items() {
    return super.items.filter((item) => getComputedStyle(item).display !== "none");
  }
}

/** A part of the settings. The way back, at its top, is the last for the keyboard, which goes round. */
const submenu = (Menu) => class extends Menu {
  get items() {
    return [...super.items, ...this.querySelectorAll(":scope > [slot='header']")];
  }

  handleSelect(event) {
    if (event.target.slot === "header") event.target.click();
    else super.handleSelect(event);
  }
};

/** An entry that asks for what a button of the bar asks for; media-chrome has none of this kind. */
class RequestItem extends MediaSettingsMenuItem {
  static getSuffixSlotInnerHTML = () => "";

  /** media-chrome calls it for the keys, too. */
  handleClick() {
    this.dispatchEvent(new CustomEvent(this.request, { bubbles: true, composed: true }));
    const menu = this.closest("cfprivate-settings-menu");
    menu.anchorElement.focus();
    menu.hidden = true;
  }
}

class AirplayItem extends RequestItem {
  static get observedAttributes() {
    return [...super.observedAttributes, "mediaairplayunavailable"];
  }

  request = "mediaairplayrequest";
}

class PipItem extends RequestItem {
  static get observedAttributes() {
    return [...super.observedAttributes, IS_PIP, "mediapipunavailable"];
  }

  get request() {
    return this.hasAttribute(IS_PIP) ? "mediaexitpiprequest" : "mediaenterpiprequest";
  }

  connectedCallback() {
    super.connectedCallback();
    this.#name();
  }

  attributeChangedCallback(name, ...values) {
    super.attributeChangedCallback(name, ...values);
    if (name === IS_PIP) this.#name();
  }

  #name() {
    this.textContent = t(this.hasAttribute(IS_PIP) ? "Exit picture in picture mode" : "Enter picture in picture mode");
  }
}

customElements.define("cfprivate-settings-menu", SettingsMenu);
customElements.define("cfprivate-playback-rate-menu", submenu(MediaPlaybackRateMenu));
customElements.define("cfprivate-rendition-menu", submenu(MediaRenditionMenu));
customElements.define("cfprivate-airplay-item", AirplayItem);
customElements.define("cfprivate-pip-item", PipItem);
