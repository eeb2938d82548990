import { CfprivateUpload } from "./element.js";

// Each field brings the script, for a form may have any of them.
if (!customElements.get("cfprivate-upload")) customElements.define("cfprivate-upload", CfprivateUpload);
