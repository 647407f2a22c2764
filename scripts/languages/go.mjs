// @ts-check
import { join } from "node:path";

import { isHostInstalled, requireGo } from "./goCommand.mjs";

/**
 * The language host of compiled Go programs. No module proxy serves the original one, so ours is a script.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @returns {Promise<string[]>}
 */
export async function goPrograms(search) {
  requireGo(search, "compile Go programs");
  return isHostInstalled("pulumi-language-go", search)
    ? []
    : [join(search.scripts, "languages", "goHost")];
}
