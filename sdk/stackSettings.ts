import * as pulumi from "@pulumi/pulumi";
import type { collectSettings, RawSettings } from "pulumi-ostor/provider";
import { requireKnownSettings } from "./knownSettings";
import { isInline } from "./run";

type Collect = typeof collectSettings;

const required = ["endpoint", "accessKeyId", "secretAccessKey"] as const;

/**
 * The settings of the stack that calls a data source: read at the call, since other stacks may run in the same process.
 *
 * An inline program doesn't see the environment of the engine, where the resources' settings come from. So its own
 * environment never counts: what only a variable could give is refused, and belongs into the stack's configuration.
 *
 * @throws pulumi.RunError, the returned function too
 */
export function stackSettings(name: string): (collect: Collect) => RawSettings {
  requireKnownSettings();
  const config = pulumi.runtime.allConfig();
  const get = (key: string) => config[key];
  if (!isInline()) return (collect) => collect(get);
  return (collect) => {
    const settings = collect(get, {});
    const variables = Object.keys(collect(() => undefined));
    const missing = [...new Set([...required, ...variables])].filter((each) => !(each in settings));
    if (missing.length === 0) return settings;
    const keys = missing.map((each) => `ostor:${each}`).join(", ");
    throw new pulumi.RunError(
      `${name}: ${keys} ${missing.length > 1 ? "are" : "is"} not in the stack's configuration, and an inline program cannot read the engine's environment (envVars of the workspace); set it with stack.setConfig or pulumi config set, or give ${name} an ostor.Provider`,
    );
  };
}

/** What to add to the failure of a data source in an inline program, whose transport settings may be another's. */
export function inlineHint(): string {
  return isInline()
    ? "; an inline program reads settings from the stack's configuration only, not from envVars of the workspace"
    : "";
}
