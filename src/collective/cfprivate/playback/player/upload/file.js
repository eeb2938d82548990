const HEAD = 65_536;
const WIDEST_POSTER = 1280;
// A file that the browser cannot read keeps nobody waiting, in milliseconds.
const PATIENCE = 15_000;

/** What tells a file from another of the same name: `{name, size, modified, head}`. */
export async function marksOf(file) {
  return { name: file.name, size: file.size, modified: file.lastModified, head: await digest(file) };
}

/** Whether these are marks of the same file. */
export function isSame(marks, others) {
  return ["name", "size", "modified", "head"].every((name) => marks[name] === others[name]);
}

/** SHA-256 of how it begins and ends; empty where the page may not make one (without https). */
async function digest(file) {
  if (!crypto.subtle) return "";
  const ends = new Blob([file.slice(0, HEAD), file.slice(-HEAD)]);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await ends.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `video`, `audio`, `image` or another first half of the media type. */
export function kindOf(file) {
  return file.type.split("/", 1)[0];
}

/**
 * What the browser can see in a file: `{duration?, width?, height?, poster?}`; `duration` in seconds, `poster` a `File`.
 * Nothing is known of what it cannot play.
 */
export async function detailsOf(file) {
  try {
    if (kindOf(file) === "image") return await detailsOfImage(file);
    if (["video", "audio"].includes(kindOf(file))) return await detailsOfMedium(file);
  } catch (error) {
    console.info("cfprivate-upload cannot look into the file:", error);
  }
  return {};
}

async function detailsOfImage(file) {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

async function detailsOfMedium(file) {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  try {
    Object.assign(video, { muted: true, preload: "auto", src: url });
    await event(video, "loadedmetadata");
    const { duration, videoWidth: width, videoHeight: height } = video;
    const length = Number.isFinite(duration) ? { duration } : {};
    return width ? { ...length, width, height, poster: await frameOf(video, file.name) } : length;
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}

/** A picture from the first tenth, behind a title or a fade; null where none can be made. */
async function frameOf(video, name) {
  const seeked = event(video, "seeked");
  video.currentTime = Number.isFinite(video.duration) ? video.duration / 10 : 0.1;
  await seeked;
  const scale = Math.min(1, WIDEST_POSTER / video.videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return blob && new File([blob], `${name.replace(/\.[^.]*$/, "")}-poster.jpg`, { type: "image/jpeg" });
}

function event(video, name) {
  return new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener("error", () => reject(video.error), { once: true });
    setTimeout(() => reject(new Error(`no ${name}`)), PATIENCE);
  });
}
