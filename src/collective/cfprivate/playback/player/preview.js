/** The preview within an edit form: shows what is entered there, whenever a field of the medium has changed. */

import "./preview.css";

const FIELDS = "[name*='IProtectedMedia.']";
const form = window.frameElement?.closest("form");

// As the server wrote it: this runs before the player adds its controls.
let shown = document.querySelector("main").innerHTML;
let request = null;

async function show() {
  request?.abort();
  const { signal } = (request = new AbortController());
  try {
    const response = await fetch(location.href, { method: "POST", body: new FormData(form), signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = response.ok && page.querySelector("main");
    // Without an answer, as after the log-out, the page that comes tells what to do.
    if (!found) location.reload();
    else if (found.innerHTML !== shown) replace(found);
  } catch (error) {
    if (error.name !== "AbortError") location.reload();
  }
}

function replace(main) {
  shown = main.innerHTML;
  document.querySelector("main").replaceWith(document.adoptNode(main));
}

form?.addEventListener("change", ({ target }) => {
  if (target.matches(FIELDS)) show();
});
if (form) show();
