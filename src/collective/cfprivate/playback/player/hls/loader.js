import { XhrLoader } from "hls.js";

const TRIES = 4;
const LONGEST_PAUSE = 30_000;

/** Loads playlists, and waits for a busy server as long as it asks for. */
export class PatientLoader extends XhrLoader {
  /** @param {import("hls.js").RetryConfig} retryConfig */
  retry(retryConfig) {
    const asked = 1000 * Number(this.getResponseHeader("Retry-After"));
    super.retry(asked ? { ...retryConfig, retryDelayMs: asked, backoff: "linear" } : retryConfig);
  }
}

/**
 * @param {import("hls.js").LoadPolicy} policy
 * @returns {import("hls.js").LoadPolicy} the same with more tries
 */
export function patient(policy) {
  const errorRetry = { ...policy.default.errorRetry, maxNumRetry: TRIES, maxRetryDelayMs: LONGEST_PAUSE };
  return { default: { ...policy.default, errorRetry } };
}
