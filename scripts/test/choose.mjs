// @ts-check
import { PlainError } from "../plainError.mjs";
import { root } from "../setup.mjs";
import { parts, testFiles } from "./parts.mjs";

/**
 * A part, and which of its files run; none for an npm script.
 * @typedef {{ part: import("./parts.mjs").Part, files: readonly string[] }} ChosenPart
 */

/** @typedef {{ parts: readonly ChosenPart[], all: boolean }} Choice */

/**
 * Reads the command line: names of parts, and words in the paths of test files.
 * @param {readonly string[]} args
 * @returns {Choice}
 * @throws {PlainError} for a word that matches nothing
 */
export function choose(args) {
  const all = args.includes("--all");
  const words = args.filter((arg) => arg !== "--all");
  const unknown = words.find((word) => !isPart(word) && filesWith(word).length === 0);
  if (unknown !== undefined) {
    const names = parts.map(({ name }) => name).join(" | ");
    throw new PlainError(
      `"${unknown}" is no part and in no path of a test file. npm test -- [${names}] …`,
    );
  }
  const wanted = words.filter((word) => !isPart(word)).flatMap(filesWith);
  const chosen = parts.flatMap((part) => {
    const isWhole = words.length === 0 || words.includes(part.name);
    const files = isWhole
      ? testFiles(root, part, all)
      : testFiles(root, part, true).filter((file) => wanted.includes(file));
    return (isWhole && part.script !== undefined) || files.length > 0 ? [{ part, files }] : [];
  });
  return { parts: chosen, all };
}

/** @param {string} word */
function isPart(word) {
  return parts.some(({ name }) => name === word);
}

/** @param {string} word */
function filesWith(word) {
  const lower = word.toLowerCase();
  return parts
    .flatMap((part) => testFiles(root, part, true))
    .filter((file) => file.toLowerCase().includes(lower));
}
