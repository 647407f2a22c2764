// @ts-check
import { buildCommand, pinnedVersion } from "./goCommand.mjs";
import { installed } from "./install.mjs";

const MODULE = "languages/codegen";

/**
 * The command `ostor-codegen`, which writes SDKs for Node.js, Python and Go.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @returns {Promise<string[]>}
 */
export async function codegen(search) {
  const version = pinnedVersion(search, MODULE, "github.com/pulumi/pulumi/pkg/v3");
  const command = { module: MODULE, goPackage: ".", purpose: "build the SDK generator" };
  const folder = await installed(search, {
    name: `codegen-${version}`,
    title: `the SDK generator ${version}`,
    pins: [MODULE],
    fill: (temporary) => buildCommand(search, command, temporary),
  });
  return [folder];
}
