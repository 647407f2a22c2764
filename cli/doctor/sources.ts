import { CodedError } from "../../provider/text/message";
import { describeUnknown } from "../../provider/settings/messages";
import { environmentName, setCommand } from "../../provider/settings/names";
import {
  collectSettings,
  parseSettings,
  type Origin,
  type RawSettings,
  type SettingName,
  type Settings,
} from "../../provider/settings/settings";
import {
  misspeltVariables,
  unknownKeys,
  type UnknownSetting,
} from "../../provider/settings/unknownSettings";
import { engineFlags } from "../lines";
import { noStackSelected } from "../messages";
import { createPulumi, selectedOf } from "../pulumi";
import { failed, ok, warning, type Finding } from "./finding";
import {
  configurationNotRead,
  doubtfulSettings,
  hiddenValue,
  plainSecret,
  settingFrom,
  wrongSettings,
} from "./messages";

/** Where settings may come from, in addition to the environment. */
export interface DoctorOptions {
  cwd: string;
  stack?: string;
  endpoint?: string;
  caFile?: string;
}

/** Settings before they are checked, and where each comes from. */
export interface Sources {
  raw: RawSettings;
  /** `--endpoint`, `stack dev`, `OSTOR_ENDPOINT`. */
  from: Partial<Record<SettingName, string>>;
  /** The stack whose configuration was read. */
  stack: string | undefined;
  /** Why no configuration of a stack was read, if there is a project. */
  failure: string | undefined;
  /** Whether the secret is in plain text in the stack's file. */
  isPlain: boolean;
  /** Keys and variables that are not settings. With a key that resembles a setting, `pulumi up` fails. */
  unknown: UnknownSetting[];
  /** For the commands that are printed. */
  origin: Origin;
}

/** Reads settings as the provider does: flags, then a stack's configuration, then `OSTOR_*`. Needs no project. */
export async function readSources(options: DoctorOptions): Promise<Sources> {
  const { config, ...stack } = await readStack(options);
  const flags = { endpoint: options.endpoint, caFile: options.caFile };
  const get = (key: string) => flags[key.slice("ostor:".length) as "endpoint"] ?? config[key];
  const { caPem, ...others } = collectSettings(get);
  // `caPem` has priority over `caFile`, so with it the file of the flag would not be used.
  const isPem = caPem !== undefined && options.caFile === undefined;
  const raw: RawSettings = isPem ? { ...others, caPem } : others;
  const from = Object.fromEntries(
    (Object.keys(raw) as SettingName[]).map((name) => [
      name,
      sourceOf(name, flags, config, stack.stack),
    ]),
  );
  const given = Object.fromEntries(
    Object.entries(from).filter(([, source]) => source.startsWith("--")),
  );
  const unknown = [
    ...unknownKeys(Object.keys(config)),
    ...misspeltVariables(Object.keys(process.env)),
  ];
  return { raw, from, ...stack, unknown, origin: { at: engineFlags(options), given } };
}

function sourceOf(
  name: SettingName,
  flags: Partial<Record<SettingName, string | undefined>>,
  config: Record<string, string>,
  stack: string | undefined,
): string {
  if (flags[name] !== undefined) return name === "caFile" ? "--ca-file" : `--${name}`;
  return config[`ostor:${name}`] === undefined ? environmentName(name) : `stack ${stack ?? ""}`;
}

type StackSettings = Pick<Sources, "stack" | "failure" | "isPlain"> & {
  config: Record<string, string>;
};

async function readStack({ cwd, stack: named }: DoctorOptions): Promise<StackSettings> {
  const none = { config: {}, stack: undefined, failure: undefined, isPlain: false };
  try {
    const pulumi = createPulumi(cwd);
    if (named === undefined && !pulumi.isProject()) return none;
    const stack = named ?? selectedOf(await pulumi.stacks());
    if (stack === undefined) return { ...none, failure: noStackSelected };
    const config = await pulumi.config(stack);
    const plain = await pulumi.plainConfig(stack);
    const isPlain = plain["ostor:secretAccessKey"] !== undefined;
    return { config, stack, failure: undefined, isPlain };
  } catch (error) {
    if (error instanceof CodedError) return { ...none, failure: error.message };
    throw error;
  }
}

/** What changes a setting where it comes from: a flag, the stack, or the environment. */
export function changeOfSetting(
  { stack, from, origin }: Sources,
  name: SettingName,
  value?: string,
): string {
  const isOfStack = stack !== undefined && !from[name]?.startsWith("OSTOR_");
  if (isOfStack || origin.given?.[name] !== undefined) return setCommand(origin, name, value);
  return `set ${environmentName(name)}${value === undefined ? "" : `=${value}`}`;
}

/** Complete settings, or as much of them as a connection needs. */
export interface SettingsCheck {
  finding: Finding;
  settings: Settings | undefined;
  /** Without valid credentials. */
  forConnection: Settings | undefined;
}

/** Reports the settings and where each comes from, without secrets. */
export function checkSettings(sources: Sources): SettingsCheck {
  const { raw, failure, isPlain, origin } = sources;
  const { settings, problems = [] } = parseSettings(raw, origin);
  const dummy = { accessKeyId: "none", secretAccessKey: "none" };
  const forConnection = settings ?? parseSettings({ ...raw, ...dummy }, origin).settings;
  const notes = [
    ...(failure === undefined ? [] : [configurationNotRead(failure)]),
    ...problems,
    ...sources.unknown.map(describeUnknown),
  ];
  if (!settings || sources.unknown.some(isMisspelt)) {
    return {
      finding: failed("settings", wrongSettings(notes, settings !== undefined)),
      settings,
      forConnection,
    };
  }
  const parts = [listed(sources), ...notes];
  const fix = isPlain ? plainSecret(setCommand(origin, "secretAccessKey")) : undefined;
  const isDoubtful = isPlain || notes.length > 0;
  const finding = isDoubtful
    ? warning("settings", doubtfulSettings(parts, fix))
    : ok("settings", parts.join("; "));
  return { finding, settings, forConnection };
}

/** Whether a key of the configuration resembles a setting. */
function isMisspelt({ written, meant }: UnknownSetting): boolean {
  return meant !== undefined && written.startsWith("ostor:");
}

function listed({ raw, from }: Sources): string {
  const names = Object.keys(raw) as SettingName[];
  const settings = names.map((name) => {
    const isHidden = name === "secretAccessKey" || name === "caPem";
    return settingFrom(name, isHidden ? hiddenValue : (raw[name] ?? ""), from[name] ?? "");
  });
  return settings.join(", ");
}
