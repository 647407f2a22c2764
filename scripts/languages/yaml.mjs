// @ts-check
import { buildCommand, isHostInstalled, pinnedVersion } from "./goCommand.mjs";
import { installed } from "./install.mjs";

const HOST = "pulumi-language-yaml";
const REPOSITORY = "github.com/pulumi/pulumi-yaml";
const MODULE = "languages/yaml";

/**
 * The language host of YAML programs.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @returns {Promise<string[]>}
 */
export async function yamlHost(search) {
  if (isHostInstalled(HOST, search)) return [];
  const version = pinnedVersion(search, MODULE, REPOSITORY);
  const command = {
    module: MODULE,
    goPackage: `${REPOSITORY}/cmd/${HOST}`,
    purpose: "build the YAML language host",
  };
  const folder = await installed(search, {
    name: `yaml-${version}`,
    title: `the YAML language host ${version}`,
    pins: [MODULE],
    fill: (temporary) => buildCommand(search, command, temporary),
  });
  return [folder];
}
