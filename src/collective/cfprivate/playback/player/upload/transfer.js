import { isReached, send } from "./bucket.js";
import { BucketAnswer, Lost, Refusal } from "./failures.js";

const AT_A_TIME = 3;
// Signatures end: never are more made than are soon needed.
const SIGNED_AT_ONCE = 6;
const LONGEST_PAUSE = 30;
const PAUSED = Symbol("paused");
const CANCELLED = Symbol("cancelled");
const MEASURED = 10_000;

/** Seconds to wait after so many failures without a part between them: 1, 2, 4 … */
export function pauseAfter(failures) {
  return Math.min(2 ** (failures - 1), LONGEST_PAUSE);
}

/**
 * One file on its way to the bucket.
 *
 * `state` is `waiting`, `sending`, `lost`, `busy`, `finishing`, `paused`, `done`, `failed` or `cancelled`; `message` is what
 * there is to say of it in the words of the service, and `next` the seconds until the next try.
 */
export class Transfer {
  state = "waiting";
  message = "";
  next = 0;
  result = null;
  #file;
  #service;
  #words;
  #on;
  #id;
  #control = null;
  #plan = null;
  #arrived = new Map();
  #moving = new Map();
  #urls = new Map();
  #signing = null;
  #samples = [];
  #accepted = false;

  /**
   * @param {import("./service.js").Service} service
   * @param {import("./words.js").Words} words
   * @param {File} file
   * @param {{id?: string, begun: (plan: object) => void, changed: () => void}} on `id` of an upload that goes on
   */
  constructor(service, words, file, on) {
    this.#service = service;
    this.#words = words;
    this.#file = file;
    this.#on = on;
    this.#id = on.id ?? null;
  }

  /** The address of the ticket; null before the service has given one. */
  get id() {
    return this.#id;
  }

  /** The part of the file that has arrived, from 0 to 1. */
  get progress() {
    return this.#file.size ? Math.min(this.#sent / this.#file.size, 1) : 1;
  }

  /** Seconds until the end, as far as can be told; else null. */
  get left() {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || last.time - first.time < 1000 || last.sent <= first.sent) return null;
    return ((this.#file.size - last.sent) * (last.time - first.time)) / (last.sent - first.sent) / 1000;
  }

  get isOpen() {
    return !["done", "cancelled"].includes(this.state);
  }

  get isRunning() {
    return ["sending", "lost", "busy", "finishing"].includes(this.state);
  }

  /** Send what is missing, until the file is there, fails for good, or is stopped; `state` tells which. */
  async run() {
    if (this.state !== "waiting") return;
    const { signal } = (this.#control = new AbortController());
    let failures = 0;
    while (this.state === "waiting" || this.isRunning) {
      const before = this.#arrived.size;
      try {
        await this.#attempt(signal);
      } catch (error) {
        if (signal.aborted) return;
        failures = this.#arrived.size > before ? 1 : failures + 1;
        await this.#afterFailure(await this.#judged(error, failures), failures, signal);
      }
    }
  }

  /** Stop; `wait` and `run` go on. */
  pause() {
    this.#stop(PAUSED, "paused");
  }

  /** Be ready to run, again. */
  wait() {
    if (["paused", "failed"].includes(this.state)) this.#become("waiting");
  }

  /** Stop for good, and take back what has arrived. */
  async cancel() {
    this.#stop(CANCELLED, "cancelled");
    const id = this.#id;
    this.#id = null;
    if (id) await this.#service.abort(id);
  }

  get #sent() {
    let sum = 0;
    for (const each of [this.#arrived, this.#moving]) for (const size of each.values()) sum += size;
    return sum;
  }

  #stop(reason, state) {
    this.#control?.abort(reason);
    this.#become(state);
  }

  #become(state, { message = "", next = 0 } = {}) {
    Object.assign(this, { state, message, next });
    this.#on.changed();
  }

  async #attempt(signal) {
    await this.#look(signal);
    this.#samples = [];
    this.#become("sending");
    await this.#sendMissing(signal);
    this.#become("finishing");
    this.result = await this.#service.complete(this.#id, signal);
    this.#become("done");
  }

  async #look(signal) {
    if (this.#id) {
      this.#plan = await this.#service.look(this.#id, signal);
      this.#arrived = new Map(this.#plan.arrived.map(({ number, size }) => [number, size]));
    } else {
      await this.#begin();
      signal.throwIfAborted();
    }
  }

  /** Without a signal: what has been begun unheard could not be taken back. */
  async #begin() {
    this.#plan = await this.#service.begin(this.#file);
    this.#arrived.clear();
    this.#urls.clear();
    if (this.state === "cancelled") {
      await this.#service.abort(this.#plan["@id"]);
    } else {
      this.#id = this.#plan["@id"];
      this.#on.begun(this.#plan);
    }
  }

  /** Several at a time. After a failure none is begun, and those on their way may arrive. */
  async #sendMissing(signal) {
    const numbers = Array.from({ length: this.#plan.parts }, (_, index) => index + 1);
    const missing = numbers.filter((number) => this.#arrived.get(number) !== this.#blob(number).size);
    const work = async () => {
      while (missing.length) await this.#sendPart(missing.shift(), missing, signal);
    };
    const workers = Array.from({ length: AT_A_TIME }, () => work().catch((error) => {
      missing.length = 0;
      throw error;
    }));
    const failed = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
    this.#moving.clear();
    if (failed) throw failed.reason;
  }

  #blob(number) {
    const { part_size: size } = this.#plan;
    return this.#file.slice((number - 1) * size, number * size);
  }

  async #sendPart(number, following, signal) {
    const blob = this.#blob(number);
    this.#arrived.delete(number);
    try {
      await this.#put(number, following, blob, signal);
    } catch (error) {
      if (!(error instanceof BucketAnswer && error.status === 403)) throw error;
      this.#urls.delete(number); // it may have waited too long: once more with a new signature
      await this.#put(number, following, blob, signal);
    }
    this.#moving.delete(number);
    this.#arrived.set(number, blob.size);
    this.#accepted = true;
    this.#measure();
  }

  async #put(number, following, blob, signal) {
    const progressed = (bytes) => {
      this.#moving.set(number, Math.min(bytes, blob.size));
      this.#measure();
    };
    const url = await this.#signed(number, following, signal);
    await send(url, blob, { signal, progressed });
  }

  /** The address of a part; it is signed together with those that follow. */
  async #signed(number, following, signal) {
    while (!this.#isFresh(number)) {
      this.#signing ??= this.#sign([number, ...following.slice(0, SIGNED_AT_ONCE - 1)], signal).finally(() => {
        this.#signing = null;
      });
      await this.#signing;
    }
    return this.#urls.get(number).url;
  }

  #isFresh(number) {
    return (this.#urls.get(number)?.until ?? 0) > performance.now();
  }

  async #sign(numbers, signal) {
    const { urls, expires_in: seconds } = await this.#service.sign(this.#id, numbers, signal);
    const until = performance.now() + seconds * 500; // a part that is begun late has half of the time to arrive
    for (const number of numbers) this.#urls.set(number, { url: urls[number], until });
  }

  #measure() {
    const time = performance.now();
    this.#samples.push({ time, sent: this.#sent });
    while (time - this.#samples[0].time > MEASURED) this.#samples.shift();
    this.#on.changed();
  }

  /** What is to be told of an error: of the bucket's, a refusal with a sentence of ours. */
  async #judged(error, failures) {
    if (error instanceof BucketAnswer) return this.#refusalOfBucket(error);
    const isUnexplained = error instanceof Lost && navigator.onLine && !this.#accepted && failures > 1;
    const [known] = this.#urls.values();
    if (isUnexplained && known && (await isReached(known.url))) {
      return new Refusal(this.#words.say("cors", { origin: location.origin }));
    }
    return error;
  }

  #refusalOfBucket({ status, code }) {
    if (status === 507 || code === "QuotaExceeded") return new Refusal(this.#words.say("bucketFull"), { status });
    if (status === 429 || status >= 500) return new Refusal(this.#words.say("bucketBusy", { status }), { retry: true });
    const name = status === 403 ? "bucketRefused" : "bucketAnswered";
    return new Refusal(this.#words.say(name, { code: code || status }), { status });
  }

  async #afterFailure(error, failures, signal) {
    if (signal.aborted) return;
    // Parts that are missing (409) are sent by the next try.
    const tries = error.retry || (error.status === 409 && failures < 3);
    if (!tries) {
      if (error.status === 404) this.#id = null; // the next try begins anew
      if (!(error instanceof Refusal)) console.error("cfprivate-upload:", error);
      this.#become("failed", { message: error instanceof Refusal ? error.message : this.#words.say("failed") });
      return;
    }
    const isLost = error instanceof Lost;
    for (let left = pauseAfter(failures); left > 0 && !signal.aborted; left -= 1) {
      const next = navigator.onLine ? left : 0;
      this.#become(isLost ? "lost" : "busy", { message: isLost ? "" : error.message, next });
      if (await rest(signal)) return;
    }
  }
}

/** A second; without a network until there is one, which is what `true` says. */
function rest(signal) {
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = (isBack) => {
      done.abort();
      clearTimeout(timer);
      resolve(isBack);
    };
    const timer = navigator.onLine ? setTimeout(() => end(false), 1000) : 0;
    addEventListener("online", () => end(true), { signal: done.signal });
    signal.addEventListener("abort", () => end(true), { signal: done.signal });
  });
}
