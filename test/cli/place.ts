import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createEmulator, type Emulator } from "../../emulator";
import { command } from "./command";

/** How a run of the command line ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A cluster, and a stand-in for the engine's command line with stacks. */
export interface Place {
  emulator: Emulator;
  /** States by the stack's name. */
  states: Record<string, unknown>;
  config: Record<string, { value: string }>;
  /** Configuration of single stacks that have another one than `config`. */
  configOf: Record<string, Place["config"]>;
  /** The stack that `pulumi stack ls` shows as selected. */
  current?: string;
  /** Stacks with another passphrase. */
  locked: string[];
  /** Stacks of other projects, which `pulumi stack ls` does not list. */
  hidden: string[];
  /** Gives the stand-in what was changed during a run. */
  publish(): void;
  run(words: string[], environment?: Record<string, string>): Promise<Ended>;
  /** The requests that were not reads. */
  written(): unknown[];
}

/** A state as `pulumi stack export` prints it. */
export function stateOf(resources: object[], pending: object[] = []) {
  return { version: 3, deployment: { resources, pending_operations: pending } };
}

/** A user of a state. */
export function user(userId: string, more: object = {}) {
  const type = "pulumi-nodejs:dynamic/ostor:User";
  return { urn: `urn:pulumi:dev::p::${type}::u`, type, outputs: { userId }, ...more };
}

/** A key of a state. */
export function key(accessKeyId: string, more: object = {}) {
  const type = "pulumi-nodejs:dynamic/ostor:AccessKey";
  return { urn: `urn:pulumi:dev::p::${type}::k`, type, outputs: { accessKeyId }, ...more };
}

const stub = (data: string) => `#!/usr/bin/env node
const { states, config, configOf, current, locked, hidden } = JSON.parse(require("fs").readFileSync(${JSON.stringify(data)}));
const words = process.argv.slice(2);
const stack = words[words.indexOf("--stack") + 1];
const fail = (why) => { console.error("error: " + why); process.exit(6); };
const listed = Object.keys(states).filter((name) => !hidden.includes(name));
const list = () => listed.map((name) => ({ name, current: name === current }));
if (words.includes("ls")) console.log(JSON.stringify(list()));
else if (!(stack in states)) fail("no stack named '" + stack + "' found");
else if (words.includes("--show-secrets") && locked.includes(stack)) fail("incorrect passphrase");
else console.log(JSON.stringify(words.includes("export") ? states[stack] : (configOf[stack] ?? config)));`;

/** Gives the tests of a `describe` one place, empty for each test. */
export function usePlace(): Place {
  const place = {} as Place;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-cli-"));
    writeFileSync(join(folder, "pulumi"), stub(join(folder, "data.json")));
    chmodSync(join(folder, "pulumi"), 0o755);
    place.emulator = createEmulator({ seed: 5, assumptions: { checkAddresses: false } });
    await place.emulator.start();
  });
  after(async () => {
    await place.emulator.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    const { endpoint, credentials } = place.emulator;
    place.states = { selected: stateOf([]) };
    place.config = {
      "ostor:endpoint": { value: endpoint },
      "ostor:accessKeyId": { value: credentials.accessKeyId },
      "ostor:secretAccessKey": { value: credentials.secretAccessKey },
    };
    place.configOf = {};
    place.locked = [];
    place.hidden = [];
    delete place.current;
  });
  afterEach(() => {
    const { cluster } = place.emulator;
    for (const { name } of cluster.buckets()) cluster.deleteBucket(name);
    for (const each of cluster.users()) cluster.deleteUser(each.emailAddress);
  });
  place.publish = () => {
    const { states, config, configOf, current, locked, hidden } = place;
    const data = JSON.stringify({ states, config, configOf, current, locked, hidden });
    writeFileSync(join(folder, "data.json"), data);
  };
  place.run = (words, environment = {}) => {
    place.publish();
    place.emulator.clearRequests();
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("OSTOR_"));
    const path = [folder, process.env["PATH"]].join(delimiter);
    const env = { ...Object.fromEntries(inherited), PATH: path, ...environment };
    return new Promise((settle) => {
      const flags = [command, ...words];
      execFile(process.execPath, flags, { env }, (error, stdout, stderr) => {
        settle({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  };
  place.written = () => place.emulator.requests.filter(({ method }) => method !== "GET");
  return place;
}
