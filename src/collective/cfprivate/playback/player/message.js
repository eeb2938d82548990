/**
 * The message over a video that cannot be played.
 *
 * @param {string} text what happened, for the reader
 * @param {string} label of the button
 * @param {() => void} action of the button
 * @returns {{element: HTMLElement, show: () => void, hide: () => void}}
 */
export function createMessage(text, label, action) {
  const element = document.createElement("div");
  element.className = "cfprivate-player-message";
  element.slot = "centered-chrome";
  element.setAttribute("noautohide", "");
  element.setAttribute("role", "alert");
  element.hidden = true;
  // The keys of a button here are not the player's.
  element.addEventListener("keydown", (event) => event.stopPropagation());
  element.addEventListener("keyup", (event) => event.stopPropagation());

  const paragraph = document.createElement("p");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary";
  button.textContent = label;
  button.addEventListener("click", action);

  function show() {
    const hadFocus = element.parentElement.contains(document.activeElement);
    element.hidden = false;
    paragraph.textContent = text; // written now, so that it is read aloud now
    element.replaceChildren(paragraph, button);
    if (hadFocus) button.focus();
  }

  function hide() {
    element.hidden = true;
    element.replaceChildren();
  }

  return { element, show, hide };
}
