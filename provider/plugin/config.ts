import type { Bag, Change, CheckFailure } from "../resources/lifecycle";
import { secret } from "../resources/secret";
import { invalidSettings } from "../settings/messages";
import { settingNames, type SettingName } from "../settings/names";
import { collectSettings, parseSettings, type RawSettings } from "../settings/settings";
import { describeUnknown } from "../settings/messages";
import {
  misspeltVariables,
  unknownArguments,
  unknownKeys,
  type UnknownSetting,
} from "../settings/unknownSettings";
import { printed } from "../text/message";
import { warn } from "../text/print";
import * as messages from "./messages";

/** Settings that the engine stores encrypted, however they were given. */
export const secretSettings: readonly SettingName[] = ["secretAccessKey", "caPem"];

/** A provider resource: its name, its project, and the inputs that it was given. */
export interface Given {
  /** Empty under `pulumi do`. */
  name: string;
  project: string;
  inputs: Bag;
}

/**
 * Whether the settings are those of an explicit provider, to which variables of the environment never apply. Nothing else
 * than its name tells it from the default provider: `default`, `default_0_1_0`, or empty under `pulumi do`.
 */
export function isExplicit(name: string): boolean {
  return !/^(default(_.*)?)?$/.test(name);
}

/** The settings of a provider by key, as `collectSettings` reads them. */
export function getSetting({ name, inputs }: Given): (key: string) => unknown {
  return (key) =>
    key === "ostor:explicit" ? String(isExplicit(name)) : inputs[key.replace(/^ostor:/, "")];
}

/** The settings of a provider as texts. */
export function rawSettings(given: Given): RawSettings {
  return collectSettings(getSetting(given));
}

/**
 * Checks settings: each that is missing or malformed, with the command that sets it, and each name that is no setting. A
 * value that may be a secret is never printed.
 */
export function checkConfig(given: Given): CheckFailure[] {
  const { problems = [] } = parseSettings(rawSettings(given));
  const errors = [...problems.map((problem) => invalidSettings(problem)), ...misspelt(given)];
  // The engine prints the value of a property that a failure names.
  return errors.map(({ code, message }) => ({
    property: "",
    reason: printed({ code, text: message }),
  }));
}

/** The inputs of a provider as the engine stores them. */
export function storedConfig(inputs: Bag): Bag {
  const marked = secretSettings
    .filter((name) => inputs[name] !== undefined && inputs[name] !== null)
    .map((name) => [name, secret(inputs[name])]);
  return { ...inputs, ...(Object.fromEntries(marked) as Bag) };
}

/** Which settings changed. No change replaces a resource: another endpoint may be another address of the same cluster. */
export function configChanges(olds: Bag, news: Bag): Change[] {
  return settingNames
    .filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]))
    .map((property) => ({ property, kind: "update" as const }));
}

/**
 * Names that are probably misspelt settings are refused, others are a warning. In a project named `ostor`, such keys of the
 * configuration may belong to the program: they are warnings too.
 */
function misspelt({ name, project, inputs }: Given) {
  const own = /^(__.*|version|pluginDownloadURL|pluginChecksums|parameterization)$/;
  const names = Object.keys(inputs).filter((each) => !own.test(each));
  const explicit = isExplicit(name);
  const unknown = explicit
    ? unknownArguments(names)
    : unknownKeys(names.map((each) => `ostor:${each}`));
  const isOwn = project === "ostor" && !explicit;
  const isRefused = ({ meant }: UnknownSetting) => explicit || (meant !== undefined && !isOwn);
  const variables = explicit ? [] : misspeltVariables(Object.keys(process.env));
  for (const each of [...unknown.filter((one) => !isRefused(one)), ...variables]) {
    warn(messages.unknownSetting(describeUnknown(each)));
  }
  return unknown
    .filter(isRefused)
    .map((each) => messages.misspeltSetting(describeUnknown(each), each.written, explicit));
}
