import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { type Assumptions, defaultAssumptions } from "./assumptions";
import type { EmulatorOptions } from "./options";
import type { Profile } from "./profiles";

/** What a command line asks for. */
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
 * @throws Error whose first line says which flag is wrong and what it takes
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

function readAssumptions(pairs: readonly string[]): Partial<Assumptions> {
  return Object.fromEntries(pairs.map(readAssumption));
}

/** The type of the default decides how a value is read. */
function readAssumption(pair: string): [string, unknown] {
  const [name = "", value] = pair.split("=", 2);
  if (value === undefined) throw new Error(`--assume takes NAME=VALUE, not ${pair}`);
  if (!Object.hasOwn(defaultAssumptions, name)) throw new Error(`there is no assumption ${name}`);
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
    throw new Error("--tls-key and --tls-cert go together");
  }
  return { tls: { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") } };
}

function helpText(): string {
  const assumptions = Object.entries(defaultAssumptions).map(
    ([name, value]) => `  ${name}=${String(value)}\n`,
  );
  return `Usage: ostor-emulator [options]

An ostor service in one process, for demos and tests. It keeps everything in memory, or in the
file that --data names, and prints its endpoint and the key pair of its system user.

  --port N                 TCP port (default 0: a free one)
  --host ADDRESS           address to listen on (default 127.0.0.1)
  --host-name NAME         name under which clients reach it (pail.NAME is the bucket pail); may be repeated
  --access-key-id ID       access key id of the system user (default: made from the seed)
  --secret-access-key KEY  its secret access key (default: made from the seed)
  --seed N                 the same seed makes the same ids and keys (default random)
  --delay-ms N             wait before each request is looked at (default 0)
  --profile NAME           generation of the service: seed, acronis-2 or vhi-7 (default seed)
  --data FILE              keep everything in this file over restarts
  --assume NAME=VALUE      what to assume where the service isn't documented; may be repeated
  --tls-key FILE           private key in PEM; with --tls-cert: serve https (default http)
  --tls-cert FILE          certificate in PEM
  --help                   print this text

Assumptions and their defaults:
${assumptions.join("")}`;
}
