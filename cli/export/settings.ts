import type { Settings } from "../../provider/settings/settings";
import { readSettings } from "../cluster";
import { engineFlags } from "../lines";
import { noStackSelected } from "../messages";
import { selectedOf, type Pulumi } from "../pulumi";
import { CodedError } from "../../provider/text/message";
import { environmentOnly, noProject, stackSource, stackWithoutSettings } from "./messages";

/** Settings, and where they come from. */
export interface FoundSettings {
  settings: Settings;
  /** The stack whose configuration was read, or why none was. */
  source: string;
}

/** The options of the command line for settings. */
export interface SettingsOptions {
  cwd: string;
  stack?: string;
  /** Overrides configuration and environment. */
  endpoint?: string;
}

/**
 * The settings as the provider reads them: the configuration of the named or selected stack, then `OSTOR_*` for what it
 * does not contain. A project without stacks, or without a selected one, needs no stack.
 *
 * @throws CodedError with what is missing, and why no configuration was read
 */
export async function findSettings(
  pulumi: Pulumi,
  options: SettingsOptions,
): Promise<FoundSettings> {
  const { config, source } = await readConfiguration(pulumi, options.stack);
  const settings = readSettings(config, source, options.endpoint, engineFlags(options));
  return { settings, source };
}

async function readConfiguration(pulumi: Pulumi, named: string | undefined) {
  const stack = named ?? (await selectedStack(pulumi));
  if (typeof stack === "object") return { config: {}, source: environmentOnly(stack.missing) };
  const config = await pulumi.config(stack);
  const hasSettings = Object.keys(config).some((name) => name.startsWith("ostor:"));
  return { config, source: hasSettings ? stackSource(stack) : stackWithoutSettings(stack) };
}

/** The name of the selected stack, or why there is none. */
async function selectedStack(pulumi: Pulumi): Promise<string | { missing: string }> {
  if (!pulumi.isProject()) return { missing: noProject };
  try {
    return selectedOf(await pulumi.stacks()) ?? { missing: noStackSelected };
  } catch (error) {
    if (error instanceof CodedError) return { missing: error.message };
    throw error;
  }
}
