/** What the visitor's browser remembers, where it may. A signed URL is never among it. */

/** Whether anything can be stored: a policy, a sandbox or a full disk forbids it. */
export function mayStore() {
  return write("cfprivate-test", true) && forget("cfprivate-test");
}

/** @returns {unknown} what was written under this name; null for nothing */
export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** @returns {boolean} whether it is stored */
export function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function forget(name) {
  localStorage.removeItem(name);
  return true;
}
