import { captionsOf } from "./captions.js";

/**
 * Show the captions of a sound, for browsers draw those of a video alone.
 *
 * @param {HTMLAudioElement} audio
 * @param {HTMLElement} region where they are shown; hidden while none are chosen
 */
export function showCues(audio, region) {
  const draw = () => {
    const shown = captionsOf(audio).filter(({ mode }) => mode === "showing");
    region.hidden = shown.length === 0;
    region.replaceChildren(...shown.flatMap(linesOf));
  };
  const watch = () => {
    for (const track of captionsOf(audio)) track.addEventListener("cuechange", draw);
    draw();
  };
  for (const type of ["addtrack", "removetrack", "change"]) audio.textTracks.addEventListener(type, watch);
  watch();
}

function linesOf({ activeCues, language }) {
  return [...(activeCues ?? [])].map((cue) => {
    const line = document.createElement("p");
    line.dir = "auto";
    line.lang = language;
    line.append(cue.getCueAsHTML());
    return line;
  });
}
