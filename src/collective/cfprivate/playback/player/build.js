/** Bundle the player into ../static: `npm run build`. */

import { build, transform } from "esbuild";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const top = fileURLToPath(new URL("../../../../../", import.meta.url));
const outfile = join(here, "../static/player.js");

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
  return `${name} ${version} (${license})\n\n${(await readFile(join(directory, file), "utf8")).trim()}\n`;
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

const { metafile } = await build({
  absWorkingDir: top,
  entryPoints: [join(here, "index.js")],
  outfile,
  bundle: true,
  minify: true,
  format: "iife", // Plone's resource registry writes <script defer>, without type="module"
  target: "es2020",
  charset: "utf8",
  legalComments: "none", // the licence of every bundled package is written below
  banner: { js: "/*! collective.cfprivate, GPL-2.0-or-later; bundled packages: player.js.LEGAL.txt */" },
  plugins: [shadowCss],
  metafile: true,
});
const notices = await Promise.all(packagesOf(metafile).map(legalNotice));
await writeFile(`${outfile}.LEGAL.txt`, notices.join("\n---\n\n"));

for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  console.log(`${relative(top, join(top, file))}  ${(bytes / 1024).toFixed(1)} kB`);
}
