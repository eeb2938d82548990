import { read, write } from "../storage.js";

const NAME = "cfprivate-uploads";
// Milliseconds after which nobody goes on with an upload.
const TOO_OLD = 7 * 24 * 3600 * 1000;

/** What this browser remembers of the uploads of one place, so that they go on after a reload: no file, and no signature. */
export class Tickets {
  #place;

  /** @param {string} place the address of its service */
  constructor(place) {
    this.#place = place;
  }

  /** Those of a field: `[{id, field, name, size, modified, head, key?}]`; `key` once the file has arrived. */
  of(field) {
    return this.#all().filter((each) => each.place === this.#place && each.field === field);
  }

  keep(ticket) {
    const others = this.#all().filter(({ id }) => id !== ticket.id);
    write(NAME, [...others, { ...ticket, place: this.#place, at: Date.now() }]);
  }

  forget(forgotten) {
    write(NAME, this.#all().filter(({ id }) => id !== forgotten));
  }

  /** Whose files have arrived: the form that is sent now names them, or does without. */
  forgetArrived() {
    write(NAME, this.#all().filter(({ place, key }) => place !== this.#place || !key));
  }

  #all() {
    const kept = read(NAME);
    return Array.isArray(kept) ? kept.filter(({ at }) => at > Date.now() - TOO_OLD) : [];
  }
}
