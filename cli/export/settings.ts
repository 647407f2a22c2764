import type { Settings } from "../../provider/settings/settings";
import { readSettings } from "../cluster";
import { engineFlags } from "../lines";
import { PlainError, selectedOf, type Pulumi } from "../pulumi";

/** Settings, and where they come from. */
export interface FoundSettings {
  settings: Settings;
  /** The stack whose configuration was read, or why none was. */
  source: string;
}

/** What the command line says of whose settings they are. */
export interface Named {
  cwd: string;
  stack?: string;
  /** Goes before configuration and environment. */
  endpoint?: string;
}

/**
 * The settings as the provider reads them: the configuration of the stack named, or else of the selected one, then
 * `OSTOR_*` for what that leaves out. A project that has no stack yet, or none that is selected, needn't have one.
 *
 * @throws PlainError that tells what is missing, and why no configuration was read
 */
export async function findSettings(pulumi: Pulumi, named: Named): Promise<FoundSettings> {
  const { stack, without } =
    named.stack === undefined ? await selected(pulumi) : { stack: named.stack };
  const config = stack === undefined ? {} : await pulumi.config(stack);
  const isSilent = !Object.keys(config).some((name) => name.startsWith("ostor:"));
  const source =
    without ??
    `stack ${stack}${isSilent ? ", which has none, so the environment alone counts" : ""}`;
  return { settings: readSettings(config, source, named.endpoint, engineFlags(named)), source };
}

interface Selected {
  stack?: string;
  /** Why there is none. */
  without?: string;
}

async function selected(pulumi: Pulumi): Promise<Selected> {
  if (!pulumi.isProject()) return alone("there is no Pulumi project here");
  try {
    const stack = selectedOf(await pulumi.stacks());
    return stack === undefined ? alone("no stack is selected") : { stack };
  } catch (error) {
    if (error instanceof PlainError) return alone(error.message);
    throw error;
  }
}

function alone(why: string): Selected {
  return { without: `${why}, so the environment alone counts` };
}
