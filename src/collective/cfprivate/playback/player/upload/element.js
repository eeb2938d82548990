import { detailsOf, isSame, kindOf, marksOf } from "./file.js";
import { afterOthers } from "./queue.js";
import { Row, button } from "./row.js";
import { Service } from "./service.js";
import { Tickets } from "./tickets.js";
import { Transfer } from "./transfer.js";
import { Words } from "./words.js";

// Of the whole; more often nobody wants to hear it.
const TOLD = 0.25;

/**
 * `<cfprivate-upload>` beside a field of an object key: files that are chosen or dropped go to the bucket, and their keys into
 * the field.
 *
 * Attributes:
 * - `data-service`: the address of `@cfprivate-uploads` of the item, or of the folder in which it is being made.
 * - `data-field`: `object_key`, `renditions` or `poster`.
 * - `data-input`: the id of the field.
 * - `data-accept`: the types, as for `<input accept>`.
 * - `data-labels`: JSON `{name: text}`, see playback/upload_labels.py.
 */
export class CfprivateUpload extends HTMLElement {
  #words;
  #service;
  #tickets;
  #chooser;
  #choose;
  #list = document.createElement("ul");
  #status = document.createElement("p");
  #alert = document.createElement("p");
  #uploads = new Set();
  #onChoice = (files) => this.take(files);

  connectedCallback() {
    if (this.#words) return;
    const { labels, service, field } = this.dataset;
    this.#words = new Words(JSON.parse(labels), document.documentElement.lang);
    this.#service = new Service(service, this.#words);
    this.#tickets = new Tickets(service);
    this.#build();
    this.#watch();
    for (const ticket of this.#tickets.of(field)) this.#recall(ticket);
  }

  /** Send files that belong to this field, or that are sorted into the fields when this is the medium's. */
  take(files) {
    this.#complain("");
    const [first, ...others] = files;
    if (!first) return;
    if (this.#field === "poster" && others.length) {
      this.#complain(this.#words.say("oneFile"));
    } else if (this.#field === "object_key") {
      for (const [field, file] of sorted(files)) this.#sibling(field)?.add(file);
    } else {
      for (const file of files) this.add(file);
    }
  }

  /** Send a file for this field; goes on with an upload of it that was interrupted. */
  async add(file) {
    const marks = await marksOf(file);
    const known = [...this.#uploads].find(({ transfer, ticket }) => !transfer && ticket && isSame(ticket, marks));
    if (known) this.#start(known, file, marks);
    else this.#start(this.#newUpload(file.name), file, marks);
  }

  get #field() {
    return this.dataset.field;
  }

  get #input() {
    return document.getElementById(this.dataset.input);
  }

  #sibling(field) {
    return this.closest("form").querySelector(`cfprivate-upload[data-field="${field}"]`);
  }

  #build() {
    const several = this.#field !== "poster";
    this.#chooser = document.createElement("input");
    Object.assign(this.#chooser, { type: "file", hidden: true, accept: this.dataset.accept });
    this.#choose = button("btn-outline-primary");
    this.#choose.textContent = this.#words.say(several ? "chooseSeveral" : "choose");
    const hint = document.createElement("span");
    hint.textContent = this.#words.say({ object_key: "dropSorted", renditions: "dropSeveral", poster: "drop" }[this.#field]);
    hint.id = `${this.dataset.input}-drop`;
    this.#choose.setAttribute("aria-describedby", hint.id);
    const zone = document.createElement("div");
    zone.className = "cfprivate-upload-zone";
    zone.append(this.#choose, hint, this.#chooser);
    this.#status.setAttribute("role", "status");
    this.#status.className = "visually-hidden";
    this.#alert.setAttribute("role", "alert");
    this.#alert.className = "cfprivate-upload-alert";
    this.replaceChildren(zone, this.#alert, this.#list, this.#status);
    this.#choose.addEventListener("click", () => this.#ask((files) => this.take(files), several));
    this.#chooser.addEventListener("change", () => {
      const files = [...this.#chooser.files];
      this.#chooser.value = ""; // the same file can be chosen again
      this.#onChoice(files);
    });
    dropZone(zone, (files) => this.take(files));
  }

  #ask(then, multiple = false) {
    this.#onChoice = then;
    this.#chooser.multiple = multiple;
    this.#chooser.click();
  }

  #watch() {
    addEventListener("beforeunload", (event) => {
      if (this.#running) event.preventDefault();
    });
    this.closest("form")?.addEventListener("submit", (event) => this.#submitted(event), { capture: true });
  }

  get #running() {
    return [...this.#uploads].find(({ transfer }) => transfer && (transfer.isRunning || transfer.state === "waiting"));
  }

  #submitted(event) {
    if (event.submitter?.name?.endsWith(".cancel")) return;
    const upload = this.#running;
    if (!upload) {
      this.#tickets.forgetArrived();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#complain(this.#words.say("unfinished", { name: upload.name }));
    upload.row.focus();
  }

  #newUpload(name, ticket = null) {
    const upload = { name, ticket, transfer: null, told: 0, details: Promise.resolve({}) };
    upload.row = new Row(this.#words, name, () => this.#cancel(upload));
    this.#uploads.add(upload);
    this.#list.append(upload.row.element);
    return upload;
  }

  #start(upload, file, marks) {
    upload.transfer = new Transfer(this.#service, this.#words, file, {
      id: upload.ticket?.id,
      begun: (plan) => {
        if (upload.ticket) this.#tickets.forget(upload.ticket.id);
        upload.ticket = { ...marks, id: plan["@id"], field: this.#field };
        this.#tickets.keep(upload.ticket);
      },
      changed: () => this.#show(upload),
    });
    upload.row.details = this.#words.size(file.size);
    upload.details = detailsOf(file);
    upload.details.then((details) => (upload.row.details = this.#described(file, details)));
    this.#tell("started", upload);
    this.#enqueue(upload);
  }

  #enqueue(upload) {
    upload.transfer.wait();
    this.#show(upload);
    afterOthers(async () => {
      await upload.transfer.run();
      if (upload.transfer.state === "done") await this.#arrived(upload);
    });
  }

  #described(file, { duration, width, height }) {
    const form = width ? [`${width} × ${height}`] : [];
    return [this.#words.size(file.size), ...form, ...(duration ? [this.#words.clock(duration)] : [])].join(", ");
  }

  async #arrived(upload) {
    const { key } = upload.transfer.result;
    upload.ticket = { ...upload.ticket, key };
    this.#tickets.keep(upload.ticket);
    const details = await upload.details;
    this.#fill(key, details);
    if (this.#field === "object_key") this.#fillOthers(details);
  }

  /** The width of an image stands behind its key; a poster has none. */
  #fill(key, { width, duration } = {}) {
    const line = width && !duration && this.#field !== "poster" && isImage(key) ? `${key} ${width}w` : key;
    const lines = this.#field === "renditions" ? [...this.#input.value.split(/\r?\n/).filter(Boolean), line] : [line];
    enter(this.#input, lines.join("\n"));
  }

  #fillOthers({ duration, poster }) {
    const length = this.closest("form").querySelector("[name$='IProtectedMedia.duration']");
    if (duration && length && !length.value) enter(length, String(Math.max(1, Math.round(duration))));
    if (poster) this.#sibling("poster")?.suggest(poster);
  }

  /** Send a picture unless there is one, or one is on its way. */
  suggest(poster) {
    if (!this.#input.value && !this.#uploads.size) this.add(poster);
  }

  async #cancel(upload) {
    const { transfer, ticket } = upload;
    this.#forget(upload);
    if (transfer?.state === "done" || ticket?.key) return;
    this.#tell("cancelled", upload);
    try {
      if (transfer) await transfer.cancel();
      else await this.#service.abort(ticket.id);
    } catch (error) {
      // What is left of it the bucket forgets after some days.
      console.info("cfprivate-upload could not take back what has arrived:", error);
    }
  }

  #forget(upload) {
    const hadFocus = upload.row.element.contains(document.activeElement);
    this.#uploads.delete(upload);
    upload.row.element.remove();
    if (upload.ticket) this.#tickets.forget(upload.ticket.id);
    if (hadFocus) this.#choose.focus();
  }

  #show(upload) {
    if (!this.#uploads.has(upload)) return;
    const { transfer, row } = upload;
    const { state, progress, left, message, next } = transfer;
    const percent = this.#words.percent(progress);
    const time = left !== null && this.#words.time(left);
    const again = next && this.#words.say("nextTry", { time: this.#words.time(next) });
    const text = {
      waiting: () => this.#words.say("waiting"),
      sending: () => (time ? this.#words.say("sending", { percent, time }) : percent),
      lost: () => [this.#words.say("lost"), again || this.#words.say("goesOn")].join(" "),
      busy: () => [message, again].filter(Boolean).join(" "),
      finishing: () => this.#words.say("finishing"),
      paused: () => this.#words.say("paused", { percent }),
      done: () => this.#words.say("done"),
      failed: () => message,
    }[state]();
    row.show({
      state,
      text,
      progress: state === "done" ? null : progress,
      action: this.#actionFor(upload),
      cancel: this.#words.say(state === "done" ? "dismiss" : "cancel"),
    });
    this.#tellOf(upload, text);
  }

  #actionFor(upload) {
    const { transfer } = upload;
    if (["sending", "lost", "busy"].includes(transfer.state)) {
      return [this.#words.say("pause"), () => transfer.pause()];
    }
    const label = { paused: "goOn", failed: "tryAgain" }[transfer.state];
    return label ? [this.#words.say(label), () => this.#enqueue(upload)] : null;
  }

  /** To who cannot see it: each change, and of the progress each quarter. */
  #tellOf(upload, text) {
    const { state, progress } = upload.transfer;
    const step = state === "sending" ? Math.floor(progress / TOLD) : 0;
    const moment = `${state} ${step}`;
    if (upload.told === moment) return;
    upload.told = moment;
    if (state === "failed") this.#complain(text, upload);
    else if (state !== "waiting") this.#status.textContent = `${upload.name}: ${text}`;
  }

  #tell(name, upload) {
    this.#status.textContent = this.#words.say(name, { name: upload.name });
  }

  /** The row shows what has failed; here it is only heard. */
  #complain(text, upload = null) {
    this.#alert.classList.toggle("visually-hidden", upload !== null);
    this.#alert.textContent = upload ? `${upload.name}: ${text}` : text;
  }

  /** An upload of this place that a page before has begun. */
  async #recall(ticket) {
    if (ticket.key) {
      this.#offer(ticket);
      return;
    }
    try {
      const { arrived, size } = await this.#service.look(ticket.id);
      const sent = arrived.reduce((sum, part) => sum + part.size, 0);
      this.#offerToGoOn(ticket, size ? sent / size : 0);
    } catch (error) {
      if ([403, 404].includes(error.status)) this.#tickets.forget(ticket.id);
      else this.#offerToGoOn(ticket, 0);
    }
  }

  #offer(ticket) {
    if (this.#input.value.split(/\s+/).includes(ticket.key)) return;
    const upload = this.#newUpload(ticket.name, ticket);
    const use = () => {
      this.#fill(ticket.key);
      this.#forget(upload);
    };
    upload.row.details = this.#words.size(ticket.size);
    upload.row.show({
      state: "arrived",
      text: this.#words.say("arrived"),
      action: [this.#words.say("use"), use],
      cancel: this.#words.say("dismiss"),
    });
  }

  #offerToGoOn(ticket, progress) {
    const upload = this.#newUpload(ticket.name, ticket);
    const choose = () => this.#ask((files) => this.#goOn(upload, files[0]));
    upload.row.details = this.#words.size(ticket.size);
    upload.row.show({
      state: "interrupted",
      text: this.#words.say("interrupted", { percent: this.#words.percent(progress) }),
      progress,
      action: [this.#words.say("chooseSame"), choose],
      cancel: this.#words.say("cancel"),
    });
  }

  async #goOn(upload, file) {
    if (!file) return;
    this.#complain("");
    const marks = await marksOf(file);
    const { name, size, modified } = upload.ticket;
    if (isSame(upload.ticket, marks)) {
      this.#start(upload, file, marks);
    } else {
      const values = { name, size: this.#words.size(size), date: this.#words.date(modified) };
      this.#complain(this.#words.say("otherFile", values));
    }
  }
}

/** The field for each of the files that were given together: of a video and images, one image is its poster. */
export function sorted(files) {
  const isMedium = (file) => ["video", "audio"].includes(kindOf(file));
  const medium = files.find(isMedium) ?? files[0];
  const poster = kindOf(medium) === "video" ? files.find((file) => kindOf(file) === "image") : undefined;
  const fieldOf = (file) => ({ [true]: "renditions", [file === medium]: "object_key", [file === poster]: "poster" })[true];
  return files.map((file) => [fieldOf(file), file]);
}

function isImage(key) {
  return /\.(jpe?g|png|gif|webp|avif)$/i.test(key);
}

/** As if it were typed, for all who watch the field. */
function enter(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function dropZone(zone, dropped) {
  const mark = (is) => zone.classList.toggle("is-over", is);
  zone.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    mark(true);
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) mark(false);
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    dropped([...event.dataTransfer.files]);
  });
}
