// @ts-check
import { isHelpAsked } from "./help.mjs";
import { findLanguages } from "./languages.mjs";
import { PlainError } from "./plainError.mjs";
import { interrupted, main } from "./processes.mjs";
import { setup, setupPackage } from "./setup.mjs";
import { choose } from "./test/choose.mjs";
import { clusterSettings, parts, widths } from "./test/parts.mjs";
import { runPart } from "./test/runPart.mjs";
import { countsLine, summaryTable } from "./test/summary.mjs";

/** @typedef {import("./test/summary.mjs").Result} Result */

await main(async () => {
  const args = process.argv.slice(2);
  if (isHelpAsked(args, helpText())) return 0;
  const chosen = choose(args);
  const ready = await prepare(chosen);
  const results = ready.result === undefined ? await runAll(chosen, ready.env) : [ready.result];
  console.log(`\n${summaryTable(results)}\n\n${countsLine(results)}`);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
});

function helpText() {
  return `Usage: npm test [-- WORD…]

Runs the tests and ends with a table of counts. Installs what is missing. A word is the name of a part, or part of
the path of test files, such as rotation: then only these run, long ones included.

Parts, in the order in which they run:
${parts.map(({ name }) => `  ${name}\n`).join("")}
  --all   also run the long tests, in folders named long; the same as npm run test:all
  --help  print this text`;
}

/**
 * Runs one group after the other, and the parts of a group at the same time.
 * @param {import("./test/choose.mjs").Choice} chosen
 * @param {Record<string, string>} env
 */
async function runAll({ parts: chosen, all }, env) {
  // Imported here because set-up may have installed it just now.
  const { bulkhead } = await import("cockatiel");
  const names = chosen.map(({ part }) => part);
  /** @type {Result[]} */
  const results = [];
  for (const [group, width] of Object.entries(widths)) {
    const queue = bulkhead(width, Infinity);
    const running = chosen
      .filter(({ part }) => part.group === group)
      .map((each) => {
        const settings = clusterSettings(each.part, names, process.env);
        const more = { ...settings, ...(all && { PULUMI_OSTOR_TEST_ALL: "1" }) };
        return queue.execute(() => runPart(each, { ...env, ...more }));
      });
    results.push(...(await Promise.all(running)));
  }
  return results;
}

/**
 * Sets up what the chosen parts need. A set-up that fails is one failed part; the counts are still printed last.
 * @param {import("./test/choose.mjs").Choice} chosen
 * @returns {Promise<{ env: Record<string, string>, result?: Result }>}
 */
async function prepare(chosen) {
  const start = Date.now();
  try {
    if (!chosen.parts.some(({ part }) => part.group === "engine")) {
      await setupPackage();
      return { env: {} };
    }
    const { path, pulumi, version } = await setup();
    console.log(`Pulumi ${version}: ${pulumi}`);
    return { env: { PULUMI_OSTOR_ENGINE_PATH: path, ...(await prepareLanguages(chosen, path)) } };
  } catch (error) {
    interrupted.throwIfAborted();
    console.error(error instanceof PlainError ? error.message : error);
    const seconds = (Date.now() - start) / 1000;
    return { env: {}, result: { name: "set-up", passed: 0, failed: 1, skipped: 0, seconds } };
  }
}

/**
 * Looks for the hosts of other languages once. Tests of a language that cannot be used here are skipped.
 * @param {import("./test/choose.mjs").Choice} chosen
 * @param {string} enginePath
 * @returns {Promise<Record<string, string>>}
 */
async function prepareLanguages({ parts: chosen }, enginePath) {
  if (!chosen.some(({ part }) => part.name === "languages")) return {};
  const found = await findLanguages({ enginePath });
  for (const [language, reason] of Object.entries(found.missing)) {
    console.log(`Tests of ${language} are skipped: ${reason}`);
  }
  return { PULUMI_OSTOR_LANGUAGES: JSON.stringify(found) };
}
