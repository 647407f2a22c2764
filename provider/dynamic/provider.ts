import type * as pulumi from "@pulumi/pulumi";
import { explain } from "../api/explain";
import { PartialError, type Bag, type Difference, type Lifecycle } from "../resources/lifecycle";
import { createEngineCalls } from "../run/engineCalls";
import { invalidSettings } from "../settings/messages";
import { adopting } from "./adopting";
import { invalidProperty } from "./messages";
import type { Run } from "../run/run";

type DynamicProvider = Required<pulumi.dynamic.ResourceProvider>;

/**
 * A lifecycle as the dynamic host calls it. The host awaits `configure` only for the first call, and caches a provider whose
 * `configure` failed: so that only stores what it was given.
 */
export function dynamicProvider(lifecycle: Lifecycle, run: Run): DynamicProvider {
  const calls = createEngineCalls();
  const guarded = async <T>(work: () => Promise<T>, inputs: Bag = {}): Promise<T> => {
    try {
      return await run.engine().during(work);
    } catch (error) {
      throw forHost(error, run, inputs);
    }
  };
  return {
    // oxlint-disable-next-line typescript/require-await -- the interface is asynchronous
    async configure({ config }) {
      run.engine();
      run.configure((key) => config.get(key));
    },
    // oxlint-disable-next-line typescript/require-await -- the interface is asynchronous
    async check(_olds: Bag, news: Bag) {
      const { inputs, failures } = lifecycle.check(news);
      const { problems = [] } = run.settings();
      const errors = [
        ...problems.map((problem) => invalidSettings(problem)),
        ...failures.map(({ reason }) => invalidProperty(reason)),
      ];
      // The engine prints the value of a property that a failure names: `{<nil>}`, or a secret in plain.
      const reasons = errors.map((error) => explain(error, undefined));
      return { inputs, failures: reasons.map((reason) => ({ property: "", reason })) };
    },
    diff: (id, olds: Bag, news: Bag) =>
      guarded(async () => {
        const isComparison = calls.isComparison(id);
        const cluster = run.settings().settings && run.cluster();
        const difference = await lifecycle.diff(cluster, id, olds, news);
        const isReplaced = difference.changes.some(({ kind }) => kind === "replace");
        if (isComparison) cluster?.claims.meet(difference.ids);
        else if (isReplaced) {
          cluster?.claims.giveUp(difference.ids);
          calls.replaced(bare(news));
        } else cluster?.claims.keep(difference.ids);
        return forEngine(difference);
      }),
    create: (inputs: Bag) =>
      guarded(() => {
        const declared = bare(inputs);
        // `adopt` applies only to a resource that is not in the stack yet.
        if (calls.isReplacement(declared)) delete declared["adopt"];
        const cluster = run.cluster();
        return adopting(cluster.claims, declared, () => lifecycle.create(cluster, declared));
      }, inputs),
    read: (id, state: Bag = {}) =>
      guarded(async () => {
        const known = bare(state);
        const found = await lifecycle.read(run.cluster(), id, known);
        const isRefresh = Object.keys(known).length > 0;
        if (isRefresh && found.id !== undefined) calls.refreshed(id);
        return found as pulumi.dynamic.ReadResult;
      }),
    update: (id, olds: Bag, news: Bag) =>
      guarded(() => lifecycle.update(run.cluster(), id, bare(olds), bare(news)), news),
    delete: (id, state: Bag) => guarded(() => lifecycle.delete(run.cluster(), id, bare(state))),
  };
}

/** The dynamic host passes on nothing else. */
function forEngine({ changes, deleteBeforeReplace }: Difference): pulumi.dynamic.DiffResult {
  const replaces = changes.filter(({ kind }) => kind === "replace").map(({ property }) => property);
  return {
    changes: changes.length > 0,
    ...(replaces.length > 0 && { replaces }),
    ...(deleteBeforeReplace !== undefined && { deleteBeforeReplace }),
  };
}

function bare({ __provider, ...known }: Bag): Bag {
  return known;
}

/** What the host prints: one line, no stack. A partially created object keeps its reference to this provider. */
function forHost(error: unknown, run: Run, inputs: Bag): Error {
  const message = explain(error, run.settings().settings);
  const line = Object.assign(new Error(message), { name: "", stack: "" });
  if (!(error instanceof PartialError)) return line;
  const { id } = error;
  const { __provider } = inputs;
  const properties = { ...error.properties, ...(__provider === undefined ? {} : { __provider }) };
  return Object.assign(line, { id, properties, reasons: [message] });
}
