import { read, write } from "./storage.js";

const NAME = "cfprivate-captions";
const OFF = "off";
const REQUESTS = ["mediashowsubtitlesrequest", "mediadisablesubtitlesrequest", "mediatogglesubtitlesrequest"];

/**
 * Show captions as the visitor chose them last, on any page, and remember the next choice.
 *
 * @param {HTMLMediaElement} media
 * @param {HTMLElement} controller whose controls are asked for captions
 */
export function rememberCaptions(media, controller) {
  const choice = read(NAME);
  if (typeof choice === "string") show(media, choice);
  for (const request of REQUESTS) {
    controller.addEventListener(request, () => write(NAME, shownLanguage(media)));
  }
}

function captionsOf(media) {
  return [...media.textTracks].filter(({ kind }) => kind === "captions" || kind === "subtitles");
}

function shownLanguage(media) {
  return captionsOf(media).find(({ mode }) => mode === "showing")?.language ?? OFF;
}

/** Where the language is not there, the server's default stays. */
function show(media, choice) {
  const tracks = captionsOf(media);
  const chosen = tracks.find(({ language }) => language === choice);
  if (!chosen && choice !== OFF) return;
  for (const track of tracks) track.mode = track === chosen ? "showing" : "disabled";
}
