import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { type Assumptions, defaultAssumptions } from "./assumptions";
import type { EmulatorOptions } from "./options";
import type { Profile } from "./profiles";

/** The parsed command line. */
export type CommandLine = { readonly help: string } | { readonly options: EmulatorOptions };

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  "host-name": { type: "string", multiple: true },
  "access-key-id": { type: "string" },
  "secret-access-key": { type: "string" },
  seed: { type: "string" },
  "delay-ms": { type: "string" },
  profile: { type: "string" },
  data: { type: "string" },
  assume: { type: "string", multiple: true },
  "tls-key": { type: "string" },
  "tls-cert": { type: "string" },
  help: { type: "boolean" },
} as const;

/**
 * Reads the arguments of `ostor-emulator`.
 *
 * @throws Error whose first line names the invalid flag and its allowed values
 */
export function readCommandLine(args: string[]): CommandLine {
  const { values } = parseArgs({ args, options: flags });
  if (values.help) return { help: helpText() };
  const port = wholeNumber("port", values.port);
  const seed = wholeNumber("seed", values.seed);
  const delayMs = wholeNumber("delay-ms", values["delay-ms"]);
  const accessKeyId = values["access-key-id"];
  const secretAccessKey = values["secret-access-key"];
  const options: EmulatorOptions = {
    ...(port !== undefined && { port }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values["host-name"] !== undefined && { hostNames: values["host-name"] }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(secretAccessKey !== undefined && { secretAccessKey }),
    ...(seed !== undefined && { seed }),
    ...(delayMs !== undefined && { delayMs }),
    ...(values.profile !== undefined && { profile: values.profile as Profile }),
    ...(values.data !== undefined && { dataFile: values.data }),
    assumptions: readAssumptions(values.assume ?? []),
    ...readTls(values["tls-key"], values["tls-cert"]),
  };
  return { options };
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${flag} takes a whole number, not ${text}`);
  return Number(text);
}

function readAssumptions(settings: readonly string[]): Partial<Assumptions> {
  return Object.fromEntries(settings.map(readAssumption));
}

/** Reads a value with the type of its default. */
function readAssumption(setting: string): [string, unknown] {
  const [name = "", value] = setting.split("=", 2);
  if (value === undefined) throw new Error(`--assume takes NAME=VALUE, not ${setting}`);
  if (!Object.hasOwn(defaultAssumptions, name)) throw new Error(`unknown assumption ${name}`);
  const standard = defaultAssumptions[name as keyof Assumptions];
  if (Array.isArray(standard)) return [name, value.split(",")];
  if (typeof standard === "number") return [name, wholeNumber(`assume ${name}`, value)];
  if (typeof standard !== "boolean") return [name, value];
  if (value !== "true" && value !== "false") {
    throw new Error(`--assume ${name} takes true or false, not ${value}`);
  }
  return [name, value === "true"];
}

function readTls(keyFile?: string, certFile?: string): Pick<EmulatorOptions, "tls"> {
  if (keyFile === undefined && certFile === undefined) return {};
  if (keyFile === undefined || certFile === undefined) {
    throw new Error("--tls-key and --tls-cert require each other");
  }
  return { tls: { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") } };
}

function helpText(): string {
  const assumptions = Object.entries(defaultAssumptions).map(
    ([name, value]) => `  ${name}=${String(value)}\n`,
  );
  return `Usage: ostor-emulator [options]

An ostor service in one process, for demos and tests. It stores everything in memory, or in the
file of --data, and prints its endpoint and the access key of its system user.

  --port N                 TCP port (default 0, a free one)
  --host ADDRESS           address to listen on (default 127.0.0.1)
  --host-name NAME         name under which clients reach it (data.NAME is the bucket data); may be repeated
  --access-key-id ID       access key id of the system user (default: derived from the seed)
  --secret-access-key KEY  its secret access key (default: derived from the seed)
  --seed N                 the same seed gives the same ids and keys (default random)
  --delay-ms N             delay before each request is handled (default 0)
  --profile NAME           generation of the service: seed, acronis-2 or vhi-7 (default seed)
  --data FILE              store everything in this file across restarts
  --assume NAME=VALUE      assumption where the service is not documented; may be repeated
  --tls-key FILE           serve https with this private key in PEM (default http)
  --tls-cert FILE          certificate of --tls-key in PEM
  --help                   print this help

Assumptions and their defaults:
${assumptions.join("")}`;
}
