/** The page's entry: style the controls, then upgrade every `<cfprivate-player>`, now and later. */

import "./player.css";
import { CfprivatePlayer } from "./element.js";

if (!customElements.get("cfprivate-player")) {
  customElements.define("cfprivate-player", CfprivatePlayer);
}
