import * as pulumi from "@pulumi/pulumi";
import type { collectSettings, RawSettings } from "pulumi-ostor/provider";
import { requireKnownSettings } from "./knownSettings";
import { settingsNotInStack } from "./messages";
import { isInline } from "./run";

type Collect = typeof collectSettings;

const required = ["endpoint", "accessKeyId", "secretAccessKey"] as const;

/**
 * The settings of the stack that calls a data source, read at the call: other stacks may run in the same process.
 *
 * An inline program cannot read the engine's environment, which the resources use, so its own environment is ignored.
 * Settings that are missing in the stack's configuration are refused.
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
    throw settingsNotInStack(
      name,
      missing.map((each) => `ostor:${each}`),
    );
  };
}
