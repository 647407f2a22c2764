// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { isAtLeast } from "../engine/version.mjs";
import { PlainError } from "../plainError.mjs";

/**
 * Throws when this Node.js is older than package.json asks for.
 * @param {string} root
 * @param {string} [version]
 */
export function checkNode(root, version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const least = String(engines.node).replace(/^\D*/, "");
  if (isAtLeast(version, least)) return;
  throw new PlainError(
    `Node.js ${version} is too old: install ${least} or newer (https://nodejs.org/), then run again.`,
  );
}
