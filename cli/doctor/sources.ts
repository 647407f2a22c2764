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
import { createPulumi, PlainError, selectedOf } from "../pulumi";
import type { Finding } from "./finding";

/** Where settings may come from besides the environment. */
export interface Where {
  cwd: string;
  stack?: string;
  endpoint?: string;
  caFile?: string;
}

/** Settings as they were found, and where each came from. */
export interface Sources {
  raw: RawSettings;
  /** `--endpoint`, `stack dev`, `OSTOR_ENDPOINT`. */
  from: Partial<Record<SettingName, string>>;
  /** The stack whose configuration was read. */
  stack: string | undefined;
  /** Why a stack's configuration wasn't read, where there is a project. */
  failure: string | undefined;
  /** Whether the stack keeps the secret in plain. */
  isPlain: boolean;
  /** Keys and variables that are not settings. Of a key that resembles one, `pulumi up` fails. */
  unknown: UnknownSetting[];
  /** For the commands that are printed. */
  origin: Origin;
}

/** Reads settings as the provider does: flags, then a stack's configuration, then `OSTOR_*`. Needs no project. */
export async function readSources(where: Where): Promise<Sources> {
  const { config, ...stack } = await readStack(where);
  const flags = { endpoint: where.endpoint, caFile: where.caFile };
  const get = (key: string) => flags[key.slice("ostor:".length) as "endpoint"] ?? config[key];
  const { caPem, ...others } = collectSettings(get);
  // The provider takes what stands in `caPem` before a file: the one that is to be tried wouldn't be read.
  const isPem = caPem !== undefined && where.caFile === undefined;
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
  return { raw, from, ...stack, unknown, origin: { at: engineFlags(where), given } };
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

async function readStack({ cwd, stack: wanted }: Where): Promise<StackSettings> {
  const none = { config: {}, stack: undefined, failure: undefined, isPlain: false };
  try {
    const pulumi = createPulumi(cwd);
    if (wanted === undefined && !pulumi.isProject()) return none;
    const stack = wanted ?? selectedOf(await pulumi.stacks());
    if (stack === undefined) return { ...none, failure: "no stack is selected" };
    const config = await pulumi.config(stack);
    const plain = await pulumi.plainConfig(stack);
    const isPlain = plain["ostor:secretAccessKey"] !== undefined;
    return { config, stack, failure: undefined, isPlain };
  } catch (error) {
    if (error instanceof PlainError) return { ...none, failure: error.message };
    throw error;
  }
}

/** What mends a setting where it stands: in the flags, in the stack, or in the environment. */
export function mendOf(
  { stack, from, origin }: Sources,
  name: SettingName,
  value?: string,
): string {
  const isOfStack = stack !== undefined && !from[name]?.startsWith("OSTOR_");
  if (isOfStack || origin.given?.[name] !== undefined) return setCommand(origin, name, value);
  return `set ${environmentName(name)}${value === undefined ? "" : `=${value}`}`;
}

/** Settings that are whole, or as much of them as a connection takes. */
export interface Checked {
  finding: Finding;
  settings: Settings | undefined;
  /** Without credentials that may be used. */
  forConnection: Settings | undefined;
}

/** Tells which settings there are and where each came from, never a secret. */
export function checkSettings(sources: Sources): Checked {
  const { raw, failure, isPlain, origin } = sources;
  const { settings, problems = [] } = parseSettings(raw, origin);
  const nobody = { accessKeyId: "none", secretAccessKey: "none" };
  const forConnection = settings ?? parseSettings({ ...raw, ...nobody }, origin).settings;
  const check = "settings" as const;
  const unread = failure === undefined ? [] : [`no stack's configuration was read (${failure})`];
  const unknown = sources.unknown.map(describeUnknown);
  const isMisspelt = sources.unknown.some(
    ({ written, meant }) => meant !== undefined && written.startsWith("ostor:"),
  );
  if (!settings || isMisspelt) {
    const told = [...unread, ...problems, ...unknown].join("; ");
    return { finding: { check, verdict: "failed", told }, settings, forConnection };
  }
  const told = [listed(sources), ...unread, ...unknown].join("; ");
  const mend =
    isPlain &&
    `the secret stands in plain in the stack's file: ${setCommand(origin, "secretAccessKey")}`;
  const isDoubtful = isPlain || failure !== undefined || unknown.length > 0;
  const verdict = isDoubtful ? "warning" : "ok";
  return { finding: { check, verdict, told, ...(mend && { mend }) }, settings, forConnection };
}

function listed({ raw, from }: Sources): string {
  const names = Object.keys(raw) as SettingName[];
  const shown = names.map((name) => {
    const isHidden = name === "secretAccessKey" || name === "caPem";
    return `${name} ${isHidden ? "is set" : (raw[name] ?? "")} (${from[name] ?? ""})`;
  });
  return shown.join(", ");
}
