/** Asks the server for new signatures before the old ones expire, and whenever they may have. */

const LONGEST_NAP = 30_000; // a timer stands still while the computer sleeps; this one looks at the clock in between
const LONGEST_ANSWER = 30_000;
const LONGEST_PAUSE = 60_000;
const FEWEST_TRIES = 5; // even where all has expired: after a sleep the network comes back some seconds later
const REFUSALS = [401, 403, 404];
const OWN_TYPE = /^[a-z-]+$/;
const ALARMS = [[document, "visibilitychange"], [window, "online"], [window, "pageshow"]];

/**
 * @typedef {object} Handlers
 * @property {(answer: object, urgent: boolean) => void} answered
 * @property {(message: string | undefined) => void} refused the right is gone; nothing is asked any more
 * @property {() => void} gaveUp the server cannot be reached, and the medium has failed
 * @property {() => boolean} idle whether nobody watches, so that asking can wait
 */

export class Renewal {
  #url;
  #handlers;
  #due;
  #expires;
  #timer;
  #request = null;
  #urgent = false;
  #tries = 0;
  #running = false;

  /**
   * @param {string} url of the service that answers with sources
   * @param {number} renewIn seconds until it has to be asked
   * @param {Handlers} handlers
   */
  constructor(url, renewIn, handlers) {
    this.#url = url;
    this.#handlers = handlers;
    this.#last(renewIn);
  }

  /** When the signatures in use expire, by the visitor's clock. */
  get expires() {
    return this.#expires;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    for (const [target, type] of ALARMS) target.addEventListener(type, this.#look);
    this.wake();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#request?.abort();
    for (const [target, type] of ALARMS) target.removeEventListener(type, this.#look);
  }

  /** Ask if it is time: the page is seen again, the network is back, the timer is late. */
  wake = () => {
    clearTimeout(this.#timer);
    if (!this.#running || this.#request) return;
    const rest = this.#due - Date.now();
    if (rest > 0) this.#timer = setTimeout(this.wake, Math.min(rest, LONGEST_NAP));
    else if (this.#urgent || !this.#handlers.idle()) this.#ask();
  };

  /** Ask now, for the medium has failed. */
  hurry() {
    this.#urgent = true;
    this.#due = 0;
    this.wake();
  }

  /** A page that becomes hidden, perhaps because it is left, has nothing to ask. */
  #look = () => {
    if (!document.hidden) this.wake();
  };

  /** From now on the signatures last. Who tells no `expiresIn` renews after five sixths of it. */
  #last(renewIn, expiresIn = renewIn * 1.2) {
    this.#due = renewIn > 0 ? Date.now() + renewIn * 1000 : Infinity;
    this.#expires = Date.now() + (expiresIn > 0 ? expiresIn * 1000 : LONGEST_PAUSE);
  }

  async #ask() {
    const request = (this.#request = new AbortController());
    const limit = setTimeout(() => request.abort(), LONGEST_ANSWER);
    const outcome = await fetchAnswer(this.#url, request.signal);
    clearTimeout(limit);
    this.#request = null;
    if (this.#running) this.#take(outcome);
  }

  #take({ answer, refusal, retryAfter }) {
    if (refusal) {
      this.stop();
      this.#handlers.refused(refusal.message);
    } else if (answer) {
      this.#accept(answer);
    } else {
      this.#retry(retryAfter);
    }
  }

  #accept(answer) {
    const urgent = this.#urgent;
    this.#urgent = false;
    this.#tries = 0;
    this.#last(answer.renew_in, answer.expires_in);
    this.wake();
    this.#handlers.answered(answer, urgent);
  }

  #retry(retryAfter) {
    const pause = retryAfter || Math.min(1000 * 2 ** this.#tries, LONGEST_PAUSE);
    this.#tries += 1;
    this.#due = Date.now() + pause;
    if (this.#due < this.#expires || this.#tries < FEWEST_TRIES) this.wake();
    else this.#giveUp();
  }

  /** Until the page is seen again, the network is back, or the medium is played or fails. */
  #giveUp() {
    this.#tries = 0;
    if (this.#urgent) this.#handlers.gaveUp();
  }
}

/**
 * One request.
 *
 * @returns {Promise<{answer?: object, refusal?: {message?: string}, retryAfter?: number}>} neither answer nor
 *   refusal where the server could not tell
 */
async function fetchAnswer(url, signal) {
  try {
    const headers = { Accept: "application/json" };
    const response = await fetch(url, { headers, signal, credentials: "same-origin", cache: "no-store" });
    if (REFUSALS.includes(response.status)) return { refusal: await refusalOf(response) };
    if (!response.ok) return { retryAfter: 1000 * Number(response.headers.get("Retry-After")) };
    const answer = await response.json();
    return answer.sources?.length ? { answer } : {};
  } catch {
    return {}; // no network, or no JSON, as from a proxy's own page
  }
}

/** Of a refusal that is not by this add-on, the type is the name of an exception, and the message is Plone's in English. */
async function refusalOf(response) {
  const { type, message } = (await response.json().catch(() => null)) ?? {};
  return { message: OWN_TYPE.test(type ?? "") ? message : undefined };
}
