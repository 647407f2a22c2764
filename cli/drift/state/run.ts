import { availableParallelism } from "node:os";
import { bulkhead } from "cockatiel";
import type { ClusterOptions } from "../../../provider/cluster/cluster";
import { CodedError } from "../../../provider/text/message";
import { readSettings, withCluster } from "../../cluster";
import { driftLine, engineFlags } from "../../lines";
import { noStacks, stackOrSelected } from "../../messages";
import { createPulumi, type Pulumi } from "../../pulumi";
import { unknownReport, type Report } from "../report";
import { compareStacks, type Compared } from "./compare";
import { readRecorded, type RecordedStack } from "./recorded";
import { stateReport } from "./report";

/** Which stacks to compare with which cluster. */
export interface StateOptions {
  /** Names of stacks; empty for the selected stack. The first one provides the settings. */
  stack: string[];
  /** All stacks of the project. */
  all: boolean;
  cwd: string;
  endpoint?: string;
  /** Whether to report drift even if more than half of a stack was not found. */
  confirmGone: boolean;
}

/** The report of one stack. */
export interface Checked {
  report: Report;
  /** How many users the state contains. */
  tenants: number;
  /** Ids of users that have an address of the stack now; empty if the report lists no drift. */
  replaced: string[];
}

/** Each `pulumi` takes half a second of a core, and the state of a large stack some hundred megabytes. */
const exportsAtOnce = Math.min(4, availableParallelism());

/**
 * Compares the states of stacks with the cluster; changes nothing. A stack whose state cannot be read is reported as
 * unknown, beside the others. If no stack can be compared, each is reported as unknown: with `--every` the next comparison
 * follows.
 */
export async function checkStacks(
  options: StateOptions,
  clusterOptions: ClusterOptions,
): Promise<Checked[]> {
  let names = options.stack.length === 0 ? [""] : options.stack;
  try {
    const pulumi = createPulumi(options.cwd);
    if (options.all) names = await allStacks(pulumi);
    return await checkNamed(pulumi, names, options, clusterOptions);
  } catch (error) {
    return names.map((name) => failed(error, name));
  }
}

async function checkNamed(
  pulumi: Pulumi,
  names: readonly string[],
  options: StateOptions,
  clusterOptions: ClusterOptions,
): Promise<Checked[]> {
  const [first = ""] = names;
  const queue = bulkhead(exportsAtOnce, Number.POSITIVE_INFINITY);
  const [settings, ...states] = await Promise.all([
    queue.execute(() => settingsOf(pulumi, first, options)),
    ...names.map((name) => queue.execute(() => recordedIn(pulumi, name))),
  ]);
  const recorded = states.filter((state) => isRecorded(state));
  const compared = await withCluster(settings, clusterOptions, (cluster) =>
    compareStacks(cluster, recorded),
  );
  const reports = new Map(
    recorded.map((state, index) => [state, checkedOf(compared[index], options)]),
  );
  return states.flatMap((state) => (isRecorded(state) ? (reports.get(state) ?? []) : state));
}

function isRecorded(state: RecordedStack | Checked): state is RecordedStack {
  return !("report" in state);
}

function checkedOf(result: Compared | undefined, options: StateOptions): Checked[] {
  if (!result) return [];
  const { stack, tenants } = result;
  const at = { ...options, stack: stack === "" ? [] : [stack] };
  const confirm = options.confirmGone ? "" : driftLine(at);
  const report = stateReport(result, confirm);
  const replaced = report.drift.length === 0 ? [] : result.replaced.map(({ userId }) => userId);
  return [{ report, tenants, replaced }];
}

async function allStacks(pulumi: Pulumi): Promise<string[]> {
  const listed = await pulumi.stacks();
  if (listed.length === 0) throw noStacks();
  const selected = listed.filter(({ current }) => current);
  return [...new Set([...selected, ...listed].map(({ name }) => name))];
}

async function recordedIn(pulumi: Pulumi, name: string): Promise<RecordedStack | Checked> {
  try {
    return readRecorded(name, await pulumi.exportStack(name));
  } catch (error) {
    return failed(error, name);
  }
}

/** A stack that was not compared, and why. */
function failed(error: unknown, stack: string): Checked {
  if (!(error instanceof CodedError)) throw error;
  const { code, message } = error;
  const report = unknownReport({ code, text: message }, { stack });
  return { report, tenants: 0, replaced: [] };
}

async function settingsOf(pulumi: Pulumi, stack: string, { cwd, endpoint }: StateOptions) {
  const config = await pulumi.config(stack).catch((error: unknown) => {
    // A job that has the key in its environment need not have the passphrase.
    if (process.env["OSTOR_SECRET_ACCESS_KEY"] === undefined) throw error;
    return pulumi.plainConfig(stack);
  });
  const at = engineFlags({ cwd, stack: stack === "" ? undefined : stack });
  return readSettings(config, stackOrSelected(stack), endpoint, at);
}
