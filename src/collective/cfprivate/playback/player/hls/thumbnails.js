/** Small pictures of the film over the time bar: WebVTT that the master playlist names, with sprites beside it. */

const DATA_ID = "org.plone.cfprivate.thumbnails";
// media-chrome takes the pictures of a track of this label.
const LABEL = "thumbnails";

/**
 * @param {Record<string, {URI?: string}> | null} sessionData of the master playlist (RFC 8216, 4.3.4.4)
 * @param {string} base the playlist's URL
 * @returns {string | null} the URL of its pictures
 */
export function thumbnailsIn(sessionData, base) {
  const uri = sessionData?.[DATA_ID]?.URI;
  return uri ? new URL(uri, base).href : null;
}

/** The pictures of one medium. Without them it plays all the same. */
export class Thumbnails {
  #media;
  #element = null;
  #sign = (url) => url;

  /** @param {HTMLMediaElement} media */
  constructor(media) {
    this.#media = media;
  }

  /**
   * Show those of another film.
   *
   * @param {string | null} url
   * @param {{credentials: RequestCredentials, signal: AbortSignal}} options
   */
  async load(url, { credentials, signal }) {
    this.remove();
    if (!url) return;
    try {
      const response = await fetch(url, { credentials, signal });
      if (!response.ok) throw new Error(`the server answered with ${response.status}`);
      this.#add(await response.blob(), url);
    } catch (error) {
      if (!signal.aborted) console.info("cfprivate-player has no pictures for the time bar:", error);
    }
  }

  /** @param {(url: string) => string} sign puts the newest signature on a URL that was signed before */
  renew(sign) {
    this.#sign = sign;
    for (const cue of this.#element?.track.cues ?? []) cue.text = sign(cue.text);
  }

  remove() {
    this.#element?.remove();
    this.#element = null;
  }

  /** The browser reads the cues; their pictures lie beside the file, and have its signature. */
  #add(file, url) {
    const src = URL.createObjectURL(file);
    const element = Object.assign(document.createElement("track"), { kind: "metadata", label: LABEL, src });
    element.addEventListener("load", () => {
      for (const cue of element.track.cues) cue.text = this.#sign(pictureAt(cue.text, url));
    });
    for (const type of ["load", "error"]) element.addEventListener(type, () => URL.revokeObjectURL(src));
    this.#media.append((this.#element = element));
    element.track.mode = "hidden"; // else it is not loaded
  }
}

function pictureAt(text, url) {
  const picture = new URL(text, url);
  picture.search = new URL(url).search;
  return picture.href;
}
