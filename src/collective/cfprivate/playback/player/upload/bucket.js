import { BucketAnswer, Lost } from "./failures.js";

// Milliseconds without a byte, after which a connection counts as lost: nobody else would ever say so.
const STALLED = 30_000;

/**
 * Send a part to the bucket.
 *
 * @param {string} url that was signed for it
 * @param {Blob} blob
 * @param {{signal: AbortSignal, progressed: (bytes: number) => void}} options
 * @throws {Lost | BucketAnswer} or what the signal was aborted with
 */
export function send(url, blob, { signal, progressed }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what was sent
    const stop = () => request.abort();
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, STALLED);
    };
    request.upload.addEventListener("progress", ({ loaded }) => {
      wait();
      progressed(loaded);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new BucketAnswer(request.status, request.responseText.match(/<Code>(\w+)</)?.[1] ?? ""));
    });
    request.addEventListener("error", () => reject(new Lost()));
    request.addEventListener("abort", () => reject(signal.aborted ? signal.reason : new Lost()));
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    });
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    request.send(blob);
    wait();
  });
}

/** Whether the bucket can be reached at all, by a request whose answer no script may read and needs no CORS. */
export async function isReached(url) {
  try {
    await fetch(new URL(url).origin, { mode: "no-cors", cache: "no-store", credentials: "omit" });
    return true;
  } catch {
    return false;
  }
}
