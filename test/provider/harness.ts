import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import type { Bag, Difference } from "../../provider/resources/lifecycle";
import { createClient, type Client } from "../../provider/api/client";
import { openCluster, type Cluster, type ClusterOptions } from "../../provider/cluster/cluster";
import { parseSettings, type RawSettings, type Settings } from "../../provider/settings/settings";

/** An emulator of one test, and a run's view of it that hardly waits. */
export interface Setup {
  emulator: Emulator;
  cluster: Cluster;
  /** Opens the view of another run, with other settings. It is closed with the test. */
  open(raw?: RawSettings): Cluster;
  /** The operations requested since the last `clearRequests`, in order. */
  operations(): string[];
  /** Lets time pass for the emulator and the runs. It passes in no other way but their waits. */
  pass(ms: number): void;
  /** The warnings and notes that were printed. */
  warnings: string[];
}

/** Times of tests, in milliseconds. */
export const quick = { retryBaseMs: 1, visibility: { patienceMs: 200, pauseMs: 1, settleMs: 200 } };

/** A clock on which only waits take time: a slow machine changes no result of a test. */
export function createClock() {
  let nowMs = Date.now();
  const pass = (ms: number) => void (nowMs += ms);
  const sleep = async (ms: number) => {
    const until = nowMs + ms;
    await setImmediate();
    nowMs = Math.max(nowMs, until);
  };
  return { now: () => nowMs, pass, sleep };
}

const clients = new WeakMap<Cluster, Client>();

/** The client that a cluster was opened with, to send a request past it or to change a response. */
export function clientOf(cluster: Cluster): Client {
  const client = clients.get(cluster);
  assert(client);
  return client;
}

/** Opens a run's view of a cluster that hardly waits. */
export function openWith(settings: Settings, options: ClusterOptions = {}): Cluster {
  const all = { ...quick, clock: createClock(), ...options };
  const client = options.client ?? createClient(settings, all);
  const cluster = openCluster(settings, { ...all, client });
  clients.set(cluster, client);
  return cluster;
}

/** Settings as a stack contains them. */
export function settingsOf(raw: RawSettings): Settings {
  const { settings, problems } = parseSettings({
    accessKeyId: "AK",
    secretAccessKey: "SK",
    ...raw,
  });
  assert(settings, problems?.join());
  return settings;
}

/** Gives each test of a `describe` its own emulator. */
export function useEmulator(options: EmulatorOptions = {}): Setup {
  const clusters: Cluster[] = [];
  const setup = {} as Setup;
  const { warn, info } = console;
  beforeEach(async () => {
    const clock = createClock();
    const emulator = createEmulator({ seed: 1, clock: clock.now, ...options });
    await emulator.start();
    const open = (raw: RawSettings = {}) => {
      const settings = settingsOf({ endpoint: emulator.endpoint, ...emulator.credentials, ...raw });
      const cluster = openWith(settings, { now: options.clock ?? clock.now, clock });
      clusters.push(cluster);
      return cluster;
    };
    const operations = () => emulator.requests.map(({ operation }) => operation);
    const warnings: string[] = [];
    console.warn = console.info = (text: string) => void warnings.push(withoutCode(text));
    const { pass } = clock;
    Object.assign(setup, { emulator, cluster: open(), open, operations, pass, warnings });
  });
  afterEach(async () => {
    Object.assign(console, { warn, info });
    await setup.emulator.stop();
    await Promise.all(clusters.splice(0).map((each) => each.close()));
  });
  return setup;
}

/** Runs a web server that is not an ostor service during `run`. */
export async function withWebServer(
  listener: RequestListener,
  run: (endpoint: string, server: Server) => Promise<void>,
  open: (listener: RequestListener) => Server = createServer,
): Promise<void> {
  const server = open(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Opens a cluster on any endpoint during `run`. */
export async function withCluster(
  endpoint: string,
  run: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const cluster = openWith(settingsOf({ endpoint }));
  try {
    await run(cluster);
  } finally {
    await cluster.close();
  }
}

/** Opens a client of any endpoint during `run`. */
export async function withClient(
  endpoint: string,
  run: (client: Client) => Promise<void>,
): Promise<void> {
  await withCluster(endpoint, (cluster) => run(clientOf(cluster)));
}

/** The plain value of a property that must be marked as a secret. */
export function revealed(value: unknown): unknown {
  const marked = value as Record<string, unknown>;
  assert.equal(
    marked["4dabf18193072939515e22adb298388d"],
    "1b47061264138c4ac30d75fd1eb44270",
    "not marked as a secret",
  );
  return marked["value"];
}

/** A bag as the engine returns it from the state, with plain secrets. */
export function fromState(bag: Bag | undefined): Bag {
  assert(bag);
  const isMarked = (value: unknown) =>
    typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
  const entries = Object.entries(bag).map(([name, value]) => [
    name,
    isMarked(value) ? revealed(value) : value,
  ]);
  return Object.fromEntries(entries) as Bag;
}

/** The result of a `diff` as the engine receives it. */
export async function changesOf(diff: Promise<Difference>) {
  return diffOf(await diff);
}

/** A difference as the engine receives it: whether anything changes, and what replaces the resource. */
export function diffOf({ changes, deleteBeforeReplace }: Difference) {
  const replaces = changes.filter(({ kind }) => kind === "replace").map(({ property }) => property);
  return {
    changes: changes.length > 0,
    ...(replaces.length > 0 && { replaces }),
    ...(deleteBeforeReplace !== undefined && { deleteBeforeReplace }),
  };
}

/** A message without the code at its end. Another test compares the codes with docs/troubleshooting.md. */
function withoutCode(text: string): string {
  return text.replace(/ \[[a-z-]+\]$/, "");
}

/** The error that a call throws, without the code in its message. Fails if it throws nothing. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => assert.fail("the call did not fail"),
    (reason: unknown) => reason,
  );
  assert(error instanceof Error);
  if (error instanceof assert.AssertionError) throw error;
  error.message = withoutCode(error.message);
  return error;
}

/** A user as the emulator stores it. Fails if there is none. */
export function userOn(emulator: Emulator, emailAddress: string) {
  const user = emulator.cluster.user(emailAddress);
  assert(user, `${emailAddress} is not on the cluster`);
  return user;
}
