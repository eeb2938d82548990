/** What a narrow player has in a menu, as media-chrome has none for picture in picture. */

import MediaSettingsMenu from "media-chrome/menu/media-settings-menu";
import MediaSettingsMenuItem from "media-chrome/menu/media-settings-menu-item";
import { t } from "media-chrome/utils/i18n";

const IS_PIP = "mediaispip";
const UNAVAILABLE = "mediapipunavailable";

/** The keyboard goes to those entries that are seen. */
class SettingsMenu extends MediaSettingsMenu {
  get items() {
    return super.items.filter((item) => getComputedStyle(item).display !== "none");
  }
}

/** An entry that does what media-pip-button does. */
class PipItem extends MediaSettingsMenuItem {
  static getSuffixSlotInnerHTML = () => "";

  static get observedAttributes() {
    return [...super.observedAttributes, IS_PIP, UNAVAILABLE];
  }

  connectedCallback() {
    super.connectedCallback();
    this.#name();
  }

  attributeChangedCallback(name, ...values) {
    super.attributeChangedCallback(name, ...values);
    if (name === IS_PIP) this.#name();
  }

  /** media-chrome calls it for the keys, too. */
  handleClick() {
    const type = this.hasAttribute(IS_PIP) ? "mediaexitpiprequest" : "mediaenterpiprequest";
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true }));
    const menu = this.closest("cfprivate-settings-menu");
    menu.anchorElement.focus();
    menu.hidden = true;
  }

  #name() {
    const words = this.hasAttribute(IS_PIP) ? "Exit picture in picture mode" : "Enter picture in picture mode";
    this.textContent = t(words);
  }
}

customElements.define("cfprivate-settings-menu", SettingsMenu);
customElements.define("cfprivate-pip-item", PipItem);
