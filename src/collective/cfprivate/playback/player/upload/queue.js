/** One after another: the network is no faster for several, and the first is ready sooner. */
let last = Promise.resolve();

/** @param {() => Promise<void>} work that throws nothing */
export function afterOthers(work) {
  last = last.then(work);
  return last;
}
