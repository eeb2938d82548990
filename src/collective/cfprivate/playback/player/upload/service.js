import { Lost, Refusal } from "./failures.js";

const TRY_LATER = [429, 502, 503, 504];

/** `@cfprivate-uploads` of a place in the site; every call throws `Lost` or `Refusal`, or what the signal was aborted with. */
export class Service {
  #url;
  #words;

  /**
   * @param {string} url of the service
   * @param {import("./words.js").Words} words
   */
  constructor(url, words) {
    this.#url = url;
    this.#words = words;
  }

  /** Begin an upload: `{"@id", key, part_size, parts}`. */
  begin({ name, size, type }) {
    const content = { filename: name, size, type: type || "application/octet-stream" };
    return this.#ask("POST", this.#url, { content });
  }

  /** What has arrived: `{key, size, part_size, parts, arrived: [{number, size}]}`. */
  look(id, signal) {
    return this.#ask("GET", id, { signal });
  }

  /** Where these parts may be sent to: `{urls: {number: url}, expires_in}`. */
  sign(id, numbers, signal) {
    return this.#ask("POST", `${id}/sign`, { content: { numbers }, signal });
  }

  /** Make one file of the parts: `{key, size, type}`. */
  complete(id, signal) {
    return this.#ask("POST", `${id}/complete`, { content: {}, signal });
  }

  /** Forget the upload and its parts. */
  abort(id) {
    return this.#ask("DELETE", id, {});
  }

  async #ask(method, url, { content, signal }) {
    const headers = { Accept: "application/json", ...(content && { "Content-Type": "application/json" }) };
    const response = await this.#fetch(url, { method, headers, signal, body: content && JSON.stringify(content) });
    if (response.status === 204) return null;
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const { status } = response;
    const message = answer.message || this.#words.say("answered", { status });
    throw new Refusal(message, { status, retry: TRY_LATER.includes(status) });
  }

  async #fetch(url, options) {
    try {
      return await fetch(url, { cache: "no-store", ...options });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Lost();
    }
  }
}
