import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import type { Bag, Difference } from "../../provider/resources/lifecycle";
import { createClient, type Client } from "../../provider/api/client";
import { openCluster, type Cluster, type ClusterOptions } from "../../provider/cluster/cluster";
import { parseSettings, type RawSettings, type Settings } from "../../provider/settings/settings";

/** A cluster of one test, and sessions on it that wait next to nothing. */
export interface TestCluster {
  emulator: Emulator;
  session: Cluster;
  /** Opens one more session, with other settings; it is closed with the test. */
  open(raw?: RawSettings): Cluster;
  /** Operations asked for since the last `clearRequests`, in order. */
  operations(): string[];
  /** What was told to the person who runs the engine. */
  warnings: string[];
}

/** Times of tests, in milliseconds. */
export const quick = { retryBaseMs: 1, visibility: { patienceMs: 200, pauseMs: 1, settleMs: 200 } };

const clients = new WeakMap<Cluster, Client>();

/** The client that a cluster was opened with, to send a request past it or to change an answer. */
export function clientOf(cluster: Cluster): Client {
  const client = clients.get(cluster);
  assert(client);
  return client;
}

/** Opens a run's view of a cluster that waits next to nothing. */
export function openWith(settings: Settings, options: ClusterOptions = {}): Cluster {
  const all = { ...quick, ...options };
  const client = options.client ?? createClient(settings, all);
  const cluster = openCluster(settings, { ...all, client });
  clients.set(cluster, client);
  return cluster;
}

/** Settings as a stack would give them. */
export function settingsOf(raw: RawSettings): Settings {
  const { settings, problems } = parseSettings({
    accessKeyId: "AK",
    secretAccessKey: "SK",
    ...raw,
  });
  assert(settings, problems?.join());
  return settings;
}

/** Gives every test of a `describe` an emulator and a session of its own. */
export function useCluster(options: EmulatorOptions = {}): TestCluster {
  const sessions: Cluster[] = [];
  const cluster = {} as TestCluster;
  const { warn, info } = console;
  beforeEach(async () => {
    const emulator = createEmulator({ seed: 1, ...options });
    await emulator.start();
    const open = (raw: RawSettings = {}) => {
      const settings = settingsOf({ endpoint: emulator.endpoint, ...emulator.credentials, ...raw });
      const session = openWith(settings, { now: options.clock ?? Date.now });
      sessions.push(session);
      return session;
    };
    const operations = () => emulator.requests.map(({ operation }) => operation);
    const warnings: string[] = [];
    console.warn = console.info = (text: string) => void warnings.push(withoutCode(text));
    Object.assign(cluster, { emulator, session: open(), open, operations, warnings });
  });
  afterEach(async () => {
    Object.assign(console, { warn, info });
    await cluster.emulator.stop();
    await Promise.all(sessions.splice(0).map((each) => each.close()));
  });
  return cluster;
}

/** A web server that is no ostor service, for the time of `run`. */
export async function withWebServer(
  listener: RequestListener,
  run: (endpoint: string, server: Server) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A session on any endpoint, for the time of `run`. */
export async function withSession(
  endpoint: string,
  run: (session: Cluster) => Promise<void>,
): Promise<void> {
  const session = openWith(settingsOf({ endpoint }));
  try {
    await run(session);
  } finally {
    await session.close();
  }
}

/** A client of any endpoint, for the time of `run`. */
export async function withClient(
  endpoint: string,
  run: (client: Client) => Promise<void>,
): Promise<void> {
  await withSession(endpoint, (session) => run(clientOf(session)));
}

/** The plain value of a property that has to be marked as a secret. */
export function revealed(value: unknown): unknown {
  const marked = value as Record<string, unknown>;
  assert.equal(
    marked["4dabf18193072939515e22adb298388d"],
    "1b47061264138c4ac30d75fd1eb44270",
    "not marked as a secret",
  );
  return marked["value"];
}

/** A bag as it comes back from the engine's state: secrets plain. */
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

/** What a `diff` says to the engine. */
export async function changesOf(diff: Promise<Difference>) {
  return diffOf(await diff);
}

/** A difference as the engine learns it: whether anything changes, and what replaces the resource. */
export function diffOf({ changes, deleteBeforeReplace }: Difference) {
  const replaces = changes.filter(({ kind }) => kind === "replace").map(({ property }) => property);
  return {
    changes: changes.length > 0,
    ...(replaces.length > 0 && { replaces }),
    ...(deleteBeforeReplace !== undefined && { deleteBeforeReplace }),
  };
}

/** A message without the code at its end, which docs/troubleshooting.md is compared with. */
function withoutCode(text: string): string {
  return text.replace(/ \[[a-z-]+\]$/, "");
}

/** What a call threw, without the code in its message; fails when it threw nothing. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => assert.fail("it was to fail"),
    (reason: unknown) => reason,
  );
  assert(error instanceof Error);
  if (error instanceof assert.AssertionError) throw error;
  error.message = withoutCode(error.message);
  return error;
}

/** One user as the emulator holds it; fails when there is none. */
export function userOn(emulator: Emulator, emailAddress: string) {
  const user = emulator.cluster.user(emailAddress);
  assert(user, `${emailAddress} is not on the cluster`);
  return user;
}
