/** The preview within an edit form: shows what is entered there, whenever a field of the medium has changed. */

const NAMES = "IProtectedMedia.";
const form = window.frameElement?.closest("form");

// As the server wrote it: this runs before the player adds its controls.
let shown = document.querySelector("main").innerHTML;
let request = null;
const failure = document.querySelector(".failure");

async function show() {
  request?.abort();
  const { signal } = (request = new AbortController());
  try {
    const response = await fetch(location.href, { method: "POST", body: entered(), signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = response.ok && page.querySelector("main");
    failure.hidden = Boolean(found);
    if (found && found.innerHTML !== shown) replace(found);
  } catch (error) {
    failure.hidden = error.name === "AbortError";
  }
}

/** What stands in the fields of the medium; files of others may be large, and are sent with the form itself. */
function entered() {
  const data = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (name.includes(NAMES)) data.append(name, value);
  }
  return data;
}

function replace(main) {
  shown = main.innerHTML;
  document.querySelector("main").replaceWith(document.adoptNode(main));
}

form?.addEventListener("change", ({ target }) => {
  if (target.name?.includes(NAMES)) show();
});
if (form) show();
