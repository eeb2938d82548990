/**
 * Where and how a medium plays, to go on there with another source.
 *
 * @typedef {{time: number, rate: number, playing: boolean}} Place
 */

/**
 * @param {HTMLMediaElement} media
 * @returns {Place} a live stream has no place but its end, and `time` is 0
 */
export function placeOf(media) {
  return {
    time: media.duration === Infinity ? 0 : media.currentTime,
    rate: media.playbackRate,
    playing: !media.paused && !media.ended,
  };
}

/**
 * Go on at a place, called right after another source was set. Until its metadata are there, `currentTime` is
 * where it will start, so that nobody sees the medium jump to the beginning.
 *
 * @param {HTMLMediaElement} media
 * @param {Place} place
 */
export function goOn(media, { time, rate, playing }) {
  if (time > 0) media.currentTime = time;
  media.playbackRate = rate;
  if (playing) media.play().catch(() => {}); // where it may not play by itself, the visitor presses the button
}
