import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createEmulator, type Emulator } from "../../emulator";
import type { ClusterOptions } from "../../provider/cluster/cluster";
import { here, runHere, type Ended } from "./runHere";

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
  /** The PATH that contains the stand-in, for a process of its own. */
  path(): string;
  run(
    words: string[],
    environment?: Record<string, string>,
    clusterOptions?: ClusterOptions,
  ): Promise<Ended>;
  /** Runs work of the command line where `run` does. */
  here(work: () => Promise<unknown>): Promise<Ended>;
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

/** Prints the file whose name is the arguments. A shell starts in a fraction of the time of Node.js. */
const stub = (folder: string) => `#!/bin/sh
answer=${JSON.stringify(folder)}/$(printf %s "$*" | tr / :)
test -f "$answer" && exec cat "$answer"
test -f "$answer.locked" && echo "error: incorrect passphrase" >&2 && exit 6
for stack; do :; done
echo "error: no stack named '$stack' found" >&2
exit 6
`;

/** What the stand-in prints, by its arguments. */
function answersOf({ states, config, configOf, current, locked, hidden }: Place) {
  const listed = Object.keys(states).filter((name) => !hidden.includes(name));
  const list = listed.map((name) => ({ name, current: name === current }));
  const ofStacks = Object.entries(states).flatMap(([name, state]) => {
    const isLocked = locked.includes(name) ? ".locked" : "";
    const settings = configOf[name] ?? config;
    return [
      [`stack export --stack ${name}`, state],
      [`config --json --stack ${name}`, settings],
      [`config --json --show-secrets --stack ${name}${isLocked}`, settings],
    ] as const;
  });
  return [["stack ls --json", list] as const, ...ofStacks];
}

/** Gives the tests of a `describe` one place, empty for each test. */
export function usePlace(): Place {
  const place = {} as Place;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-cli-"));
    writeFileSync(join(folder, "pulumi"), stub(join(folder, "answers")));
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
    rmSync(join(folder, "answers"), { recursive: true, force: true });
    mkdirSync(join(folder, "answers"));
    for (const [words, answer] of answersOf(place)) {
      const name = `--non-interactive --color never ${words}`.replaceAll("/", ":");
      writeFileSync(join(folder, "answers", name), JSON.stringify(answer));
    }
  };
  place.path = () => [folder, process.env["PATH"]].join(delimiter);
  place.run = (words, environment = {}, clusterOptions) => {
    place.publish();
    place.emulator.clearRequests();
    return runHere(words, { PATH: place.path(), ...environment }, clusterOptions);
  };
  place.here = (work) => {
    place.publish();
    return here({ PATH: place.path() }, work);
  };
  place.written = () => place.emulator.requests.filter(({ method }) => method !== "GET");
  return place;
}
