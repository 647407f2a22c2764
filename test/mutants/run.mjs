// @ts-check
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import ts from "typescript";

import { isHelpAsked } from "../../scripts/help.mjs";
import { main, run } from "../../scripts/processes.mjs";
import { setup } from "../../scripts/setup.mjs";
import { mutants } from "./mutants.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const HELP = `Usage: npm run mutants [-- WORD…]

Plants one fault at a time in a copy of the source, and runs the tests that are to catch it. Ends with 1 if a fault is
missed. With words: only faults whose name or file contains one of them.

  --help  print this text`;

await main(async () => {
  const words = process.argv.slice(2);
  if (isHelpAsked(words, HELP)) return 0;
  const { path } = await setup();
  const chosen = mutants.filter(
    ({ name, file }) =>
      words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
  );
  const copy = copySource();
  try {
    await requireGreen(copy, chosen, path);
    let missed = 0;
    for (const mutant of chosen) {
      const start = Date.now();
      const isCaught = await plant(copy, mutant, path);
      if (!isCaught) missed += 1;
      const seconds = ((Date.now() - start) / 1000).toFixed(0);
      console.log(
        `${isCaught ? "caught" : "MISSED"}  ${mutant.file}: ${mutant.name} (${seconds} s)`,
      );
    }
    console.log(`${chosen.length - missed} caught, ${missed} missed`);
    return missed === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

/** A copy of the checkout with links to its dependencies. The package in it is the copy's. */
function copySource() {
  const copy = mkdtempSync(join(tmpdir(), "pulumi-ostor-mutants-"));
  const left = [".git", "node_modules"];
  for (const name of readdirSync(root).filter((each) => !left.includes(each))) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  mkdirSync(join(copy, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name === "pulumi-ostor") continue;
    symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name));
  }
  symlinkSync("..", join(copy, "node_modules", "pulumi-ostor"));
  return copy;
}

/**
 * A test that fails without a fault says nothing about one.
 * @param {string} copy
 * @param {readonly import("./mutants.mjs").Mutant[]} chosen
 * @param {string} path
 */
async function requireGreen(copy, chosen, path) {
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests.split(" ")))];
  const { code, output } = await test(copy, tests, path);
  if (code !== 0) throw new Error(`The tests fail without a fault:\n${output}`);
}

/**
 * @param {string} copy
 * @param {import("./mutants.mjs").Mutant} mutant
 * @param {string} path
 */
async function plant(copy, { file, from, to, tests }, path) {
  const place = join(copy, file);
  const source = readFileSync(place, "utf8");
  if (source.split(from).length !== 2) throw new Error(`${file} does not contain once: ${from}`);
  const compiled = join(copy, "dist", file.replace(/\.ts$/, ".js"));
  const before = existsSync(compiled) ? readFileSync(compiled) : undefined;
  const mutated = source.replace(from, () => to);
  try {
    writeFileSync(place, mutated);
    if (before) writeFileSync(compiled, compile(mutated));
    await bundle(copy, tests);
    return (await test(copy, tests.split(" "), path)).code !== 0;
  } finally {
    writeFileSync(place, source);
    if (before) writeFileSync(compiled, before);
    await bundle(copy, tests);
  }
}

/**
 * Builds the plugin again, for tests that run it.
 * @param {string} copy
 * @param {string} tests
 */
async function bundle(copy, tests) {
  if (!tests.includes("test/plugin/")) return;
  const script = join("scripts", "plugin", "bundle.mjs");
  const { code, output } = await run(process.execPath, [script], { cwd: copy, capture: true });
  if (code !== 0) throw new Error(`The plugin could not be built:\n${output}`);
}

/** @param {string} source */
function compile(source) {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return ts.transpileModule(source, { compilerOptions: options }).outputText;
}

/**
 * @param {string} copy
 * @param {readonly string[]} tests
 * @param {string} path
 */
async function test(copy, tests, path) {
  const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const isEngine = tests.some((file) => file.includes("/engine/"));
  const words = [mocha, "--bail", "--exit", "--timeout", isEngine ? "300000" : "30000", ...tests];
  const env = { ...process.env, PULUMI_OSTOR_ENGINE_PATH: path };
  return run(process.execPath, words, { cwd: copy, env, capture: true, timeoutMs: 600_000 });
}
