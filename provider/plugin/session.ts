import { createEngineCalls, type EngineCalls } from "../run/engineCalls";
import { watchEngine } from "../run/engineWatch";
import { createRun, type Run } from "../run/run";
import type { Bag } from "../resources/lifecycle";
import { byImport } from "./adoption";
import { failed } from "./answer";
import type { Given } from "./config";
import { duringCall } from "./log";

/** What the calls of one run of the engine share. */
export interface Session {
  run: Run;
  engineCalls: EngineCalls;
  /** The settings of the last Configure. */
  given: Given;
  /** The URNs of resources that the program declares. */
  declared: Set<string>;
  /** Those of them that are in the stack. The engine checks a replacement again, without its old inputs. */
  known: Set<string>;
  /** Ids of users whose state says that their empty buckets are deleted with them. */
  emptied: Set<string>;
  /** Ids of users and keys that a resource keeps, by its URN. */
  kept: Map<string, readonly string[]>;
}

/** Starts to watch the engine: one that only asks for the schema may exit too. */
export function openSession(): Session {
  const run = createRun(watchEngine, byImport);
  run.engine();
  return {
    run,
    engineCalls: createEngineCalls(),
    given: { name: "", project: "", inputs: {} },
    declared: new Set(),
    known: new Set(),
    emptied: new Set(),
    kept: new Map(),
  };
}

/**
 * Runs a call of the engine.
 *
 * @param mark - marks the secrets in the properties of a partially created resource
 */
export function guarded<T>(
  { run }: Session,
  urn: string,
  work: () => Promise<T>,
  mark?: (properties: Bag) => Bag,
): Promise<T> {
  return duringCall(urn, async () => {
    try {
      return await run.engine().during(work);
    } catch (error) {
      throw failed(error, run.settings().settings, mark);
    }
  });
}
