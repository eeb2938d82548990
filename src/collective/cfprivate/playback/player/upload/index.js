import { CfprivateUpload } from "./element.js";

customElements.define("cfprivate-upload", CfprivateUpload);
