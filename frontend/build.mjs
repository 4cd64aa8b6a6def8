// Builds the page into src/dragoman/web/static; what it writes is committed, so that no user needs node.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, context } from "esbuild";

const OUT = new URL("../src/dragoman/web/static/", import.meta.url).pathname;
const BUDGET = 150 * 1024;
const FILES = ["index.html", "app.js", "app.css", "world.json", "icon.svg"];

const options = {
  entryPoints: { app: "src/main.tsx" },
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8",
  logLevel: "info",
};

async function world() {
  const atlas = JSON.parse(await readFile("node_modules/world-atlas/countries-110m.json", "utf8"));
  delete atlas.objects.land;
  await writeFile(`${OUT}world.json`, JSON.stringify(atlas));
}

async function weigh() {
  let total = 0;
  for (const name of FILES) {
    const size = gzipSync(await readFile(OUT + name), { level: 9 }).length;
    total += size;
    console.log(`${name.padEnd(12)} ${String(size).padStart(7)} bytes gzipped`);
  }
  console.log(`${"in all".padEnd(12)} ${String(total).padStart(7)} of ${BUDGET}`);
  if (total > BUDGET) process.exitCode = 1;
}

await mkdir(OUT, { recursive: true });
await copyFile("src/index.html", `${OUT}index.html`);
await copyFile("src/icon.svg", `${OUT}icon.svg`);
await world();
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
  await weigh();
}
