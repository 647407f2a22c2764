// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { isAtLeast } from "../engine/version.mjs";
import { PlainError } from "../plainError.mjs";

/**
 * Throws if this Node.js is older than package.json requires.
 * @param {string} root
 * @param {string} [version]
 */
export function checkNode(root, version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const required = String(engines.node).replace(/^\D*/, "");
  if (isAtLeast(version, required)) return;
  throw new PlainError(
    `Node.js ${version} is too old: install ${required} or newer (https://nodejs.org/), then retry.`,
  );
}
