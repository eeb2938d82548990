/** A file in the list: its name, how far it is, and what can be done with it. */
export class Row {
  element = document.createElement("li");
  #progress = document.createElement("progress");
  #details = document.createElement("span");
  #text = document.createElement("p");
  #action = button("btn-outline-primary");
  #cancel = button("btn-outline-secondary");
  #do = () => {};

  /**
   * @param {import("./words.js").Words} words
   * @param {string} name of the file
   * @param {() => void} cancelled
   */
  constructor(words, name, cancelled) {
    const title = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = name;
    title.append(strong, " ", this.#details);
    title.className = "cfprivate-upload-name";
    this.#details.className = "cfprivate-upload-details";
    this.#text.className = "cfprivate-upload-text";
    this.#progress.setAttribute("aria-label", name);
    this.#action.addEventListener("click", () => this.#do());
    this.#action.setAttribute("aria-describedby", (strong.id = uniqueId()));
    this.#cancel.setAttribute("aria-describedby", strong.id);
    this.#cancel.addEventListener("click", cancelled);
    this.#cancel.textContent = words.say("cancel");
    const buttons = document.createElement("div");
    buttons.className = "cfprivate-upload-buttons";
    buttons.append(this.#action, this.#cancel);
    this.element.append(title, this.#progress, this.#text, buttons);
  }

  /** Size, form and length, in words. */
  set details(text) {
    this.#details.textContent = text;
  }

  /**
   * @param {{state: string, text: string, progress?: number | null, action?: [string, () => void] | null, cancel?: string}} shown
   *   `progress` from 0 to 1, or null; `action` a label and what it does; `cancel` the label, empty for no button
   */
  show({ state, text, progress = null, action = null, cancel = "" }) {
    this.element.dataset.state = state;
    this.#text.textContent = text;
    this.#progress.hidden = progress === null;
    this.#progress.value = progress ?? 0;
    const hadFocus = this.element.contains(document.activeElement);
    [this.#action.textContent, this.#do] = action ?? ["", () => {}];
    this.#action.hidden = !action;
    this.#cancel.textContent = cancel;
    this.#cancel.hidden = !cancel;
    // The focus is not lost with a button that goes.
    if (hadFocus && document.activeElement?.hidden) this.focus();
  }

  focus() {
    [this.#action, this.#cancel].find((each) => !each.hidden)?.focus();
  }
}

let count = 0;

function uniqueId() {
  return `cfprivate-upload-${(count += 1)}`;
}

export function button(kind) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `btn btn-sm ${kind}`;
  return element;
}
