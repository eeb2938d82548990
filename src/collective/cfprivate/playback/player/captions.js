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
  let choice = read(NAME);
  show(media, choice);
  // Those within an HLS stream come later than the player.
  media.textTracks.addEventListener("addtrack", () => show(media, choice));
  for (const request of REQUESTS) {
    controller.addEventListener(request, () => {
      choice = choiceOf(media);
      write(NAME, choice);
    });
  }
}

/** @param {HTMLMediaElement} media */
export function captionsOf(media) {
  return [...media.textTracks].filter(({ kind }) => kind === "captions" || kind === "subtitles");
}

function choiceOf(media) {
  const shown = captionsOf(media).find(({ mode }) => mode === "showing");
  return shown ? { kind: shown.kind, language: shown.language } : OFF;
}

/** Where the language is not there, the server's default stays. */
function show(media, choice) {
  const tracks = captionsOf(media);
  const chosen = findChosen(tracks, choice);
  if (!chosen && choice !== OFF) return;
  for (const track of tracks) track.mode = track === chosen ? "showing" : "disabled";
}

/** The kind gives way to the language. */
function findChosen(tracks, choice) {
  const spoken = tracks.filter(({ language }) => language === choice?.language);
  return spoken.find(({ kind }) => kind === choice.kind) ?? spoken[0];
}
