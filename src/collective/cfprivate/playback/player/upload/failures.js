/** The network is lost, or nothing that a script may read was answered. */
export class Lost extends Error {
  retry = true;
}

/** The service or the bucket has answered that it does not do this. */
export class Refusal extends Error {
  /**
   * @param {string} message for the reader
   * @param {{status?: number, retry?: boolean}} options `retry` where the same may go well later
   */
  constructor(message, { status = 0, retry = false } = {}) {
    super(message);
    this.status = status;
    this.retry = retry;
  }
}

/** An answer of the bucket that is no success: `code` is S3's word for it, or empty. */
export class BucketAnswer extends Error {
  constructor(status, code) {
    super(`The bucket answered with ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}
