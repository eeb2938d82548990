/**
 * The message over a medium that cannot be played.
 *
 * @param {string} text what happened, for the reader
 * @param {string} label of the button
 * @param {() => void} action of the button
 * @returns {{element: HTMLElement, show: (other?: string) => void, hide: () => void}} `show` takes another text
 */
export function createMessage(text, label, action) {
  const element = document.createElement("div");
  element.className = "message";
  element.slot = "centered-chrome";
  element.setAttribute("noautohide", "");
  element.setAttribute("role", "alert");
  element.hidden = true;
  // The keys of a button here are not the player's.
  element.addEventListener("keydown", (event) => event.stopPropagation());
  element.addEventListener("keyup", (event) => event.stopPropagation());

  const card = document.createElement("div");
  const paragraph = document.createElement("p");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", action);
  card.append(paragraph, button);

  function show(other = text) {
    const hadFocus = element.getRootNode().activeElement !== null;
    element.hidden = false;
    paragraph.textContent = other;
    element.replaceChildren(card); // put in now, so that it is read aloud now
    if (hadFocus) button.focus();
  }

  function hide() {
    if (element.contains(element.getRootNode().activeElement)) element.parentElement.focus();
    element.hidden = true;
    element.replaceChildren();
  }

  return { element, show, hide };
}
