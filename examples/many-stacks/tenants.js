// @ts-check
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "tenants");

/** The stacks: one for each file `tenants/<stack>.txt`. */
function stacks() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return files.map((name) => name.slice(0, -".txt".length)).sort();
}

/**
 * The addresses in the file of a stack, one per line.
 *
 * @param {string} stack
 */
function tenantsOf(stack) {
  const lines = readFileSync(join(folder, `${stack}.txt`), "utf8").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** Throws if an address appears twice: two stacks would manage the same user. */
function requireUnique() {
  /** @type {Map<string, string>} */
  const seen = new Map();
  for (const stack of stacks()) {
    for (const address of tenantsOf(stack)) {
      const other = seen.get(address.toLowerCase());
      if (other !== undefined) throw new Error(`${address} is in ${other}.txt and ${stack}.txt`);
      seen.set(address.toLowerCase(), stack);
    }
  }
}

module.exports = { stacks, tenantsOf, requireUnique };
