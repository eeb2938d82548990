/** All that is in an HLS set has one signature, so that of one segment does for the others. */

const SIGNATURE = /^(Policy|Expires|Signature|Key-Pair-Id|Hash-Algorithm)=/;

/** The newest signature, for URLs that were signed before. */
export class NewestSignature {
  #origin = null;
  #parameters = [];

  /** Take the signature of a URL. */
  take(url) {
    this.#origin = new URL(url).origin;
    this.#parameters = parametersOf(url).filter((parameter) => SIGNATURE.test(parameter));
  }

  /** @returns {string} the URL, with the newest signature if it has one of the same server; the rest as it was */
  put(url) {
    const others = parametersOf(url).filter((parameter) => !SIGNATURE.test(parameter));
    const isSigned = others.length < parametersOf(url).length;
    if (!isSigned || new URL(url).origin !== this.#origin) return url;
    return `${withoutQuery(url)}?${[...others, ...this.#parameters].join("&")}`;
  }
}

/**
 * Fetch a playlist again, for the new signature of a segment in it.
 *
 * @param {string} playlist
 * @param {string} segment that is the first as far as is known
 * @param {AbortSignal} signal
 * @returns {Promise<string>} its new URL
 */
export async function signedAnew(playlist, segment, signal) {
  const response = await fetch(playlist, { signal, credentials: "same-origin", cache: "no-store" });
  const [line] = response.ok ? (await response.text()).match(/^[^#\s].*/m) ?? [] : [];
  const url = line && new URL(line.trim(), response.url).href;
  if (!url || withoutQuery(url) !== withoutQuery(segment)) throw new Error("the playlist is another one");
  return url;
}

function parametersOf(url) {
  return new URL(url).search.slice(1).split("&").filter(Boolean);
}

function withoutQuery(url) {
  return url.split("?", 1)[0];
}
