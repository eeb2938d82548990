/** Bundle the player into ../static: `npm run build`. */

import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const top = fileURLToPath(new URL("../../../../../", import.meta.url));
const target = join(here, "../static");

/** The directories of the npm packages that have code in the bundle. */
function packagesOf({ inputs }) {
  const names = Object.keys(inputs).map((input) => input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

/** Name, version and whole licence of a package: MIT and its like ask for it beside every copy. */
async function legalNotice(name) {
  const directory = join(top, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(directory, "package.json")));
  const file = (await readdir(directory)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  const texts = [await readFile(join(directory, file), "utf8"), await commonLicence(license)];
  return `${name} ${version} (${license})\n\n${texts.join("\n").trim()}\n`;
}

/** The whole text of a licence that packages only refer to, though it has to accompany every copy. */
async function commonLicence(license) {
  return license === "Apache-2.0" ? readFile(join(here, "licences/Apache-2.0.txt"), "utf8") : "";
}

/** A style sheet for a shadow root comes into the script, as text. */
const shadowCss = {
  name: "shadow-css",
  setup({ onLoad }) {
    onLoad({ filter: /\.shadow\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/** Bundle an entry into a script of the given name, with the licences of its packages beside it. */
async function bundle(entry, name, options) {
  const outfile = join(target, name);
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints: [join(here, entry)],
    outfile,
    bundle: true,
    minify: true,
    target: "es2020",
    charset: "utf8",
    legalComments: "none", // the licence of every bundled package is written below
    banner: { js: `/*! collective.cfprivate, GPL-2.0-or-later; bundled packages: ${name}.LEGAL.txt */` },
    plugins: [shadowCss],
    metafile: true,
    ...options,
  });
  const notices = await Promise.all(packagesOf(metafile).map(legalNotice));
  if (notices.length) await writeFile(`${outfile}.LEGAL.txt`, notices.join("\n---\n\n"));
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    console.log(`${relative(top, join(top, file))}  ${(bytes / 1024).toFixed(1)} kB`);
  }
}

/** A file's address beside the script that imports it; it changes with the content, for caches keep it. */
async function addressOf(name) {
  const digest = createHash("sha256").update(await readFile(join(target, name))).digest("hex");
  return `./${name}?${digest.slice(0, 12)}`;
}

await bundle("hls/index.js", "player-hls.js", { format: "esm" });
await bundle("bare.css", "bare.css", {});
await bundle("upload/upload.css", "upload.css", {});
await bundle("upload/index.js", "upload.js", {
  format: "iife",
  banner: { js: "/*! collective.cfprivate, GPL-2.0-or-later */" }, // it has no package
});
await bundle("preview.js", "preview.js", {
  format: "iife",
  banner: { js: "/*! collective.cfprivate, GPL-2.0-or-later */" }, // it has no package
});
await bundle("index.js", "player.js", {
  format: "iife", // Plone's resource registry writes <script defer>, without type="module"
  define: { HLS_BUNDLE: JSON.stringify(await addressOf("player-hls.js")) },
  external: ["./player-hls.js?*"],
});
