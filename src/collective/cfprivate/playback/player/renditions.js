/**
 * The qualities of an HLS stream, in the form in which media-chrome looks for them at a medium: a list with
 * events, like its text tracks. `selectedIndex` -1 leaves the choice to the player.
 */
export class Renditions extends EventTarget {
  length = 0;
  #selected = -1;

  get selectedIndex() {
    return this.#selected;
  }

  set selectedIndex(index) {
    this.#selected = index;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {{id: string, width: number, height: number, bitrate: number}[]} renditions */
  fill(renditions) {
    for (let index = 0; index < this.length; index += 1) delete this[index];
    Object.assign(this, renditions, { length: renditions.length });
    this.dispatchEvent(new Event("addrendition"));
  }

  *[Symbol.iterator]() {
    for (let index = 0; index < this.length; index += 1) yield this[index];
  }
}
