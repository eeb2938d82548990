import { read, write } from "./storage.js";

const NAME = "cfprivate-positions";
const MOST = 50; // media
const BEGINNING = 10; // seconds
const END = 15; // seconds
const STEP = 5; // seconds

/**
 * Go on where the visitor left off, and remember where that is.
 *
 * @param {HTMLMediaElement} media
 * @param {string} key of the medium
 * @param {AbortSignal} signal ends it
 */
export function rememberPosition(media, key, signal) {
  const position = read(NAME)?.[key];
  const keep = () => save(media, key);
  if (position && !hasBegun(media)) resume(media, position, signal);
  for (const type of ["pause", "seeked", "ended"]) media.addEventListener(type, keep, { signal });
  addEventListener("pagehide", keep, { signal });
  signal.addEventListener("abort", keep, { once: true });
  media.addEventListener("timeupdate", () => {
    if (Math.abs(media.currentTime - (read(NAME)?.[key] ?? 0)) >= STEP) keep();
  }, { signal });
}

function hasBegun(media) {
  return !media.paused || media.currentTime > 0;
}

function resume(media, position, signal) {
  const seek = () => {
    if (isWorth(position, media.duration) && !hasBegun(media)) media.currentTime = position;
  };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) seek();
  else media.addEventListener("loadedmetadata", seek, { once: true, signal });
}

/** Neither at the beginning nor at the end, nor of a live stream. */
function isWorth(position, duration) {
  return position > BEGINNING && position < Math.min(duration * 0.95, duration - END) && duration !== Infinity;
}

function save(media, key) {
  if (media.readyState < HTMLMediaElement.HAVE_METADATA) return;
  const { [key]: known, ...others } = read(NAME) ?? {};
  const entries = Object.entries(others).slice(1 - MOST);
  if (isWorth(media.currentTime, media.duration)) entries.push([key, Math.round(media.currentTime)]);
  else if (known === undefined) return;
  write(NAME, Object.fromEntries(entries));
}
