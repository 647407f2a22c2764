import { isDeepStrictEqual } from "node:util";
import type { Adoption } from "../cluster/adoption";
import { openCluster, type Cluster } from "../cluster/cluster";
import { collectSettings, parseSettings, type SettingsResult } from "../settings/settings";
import { invalidSettings, settingsUnknown } from "../settings/messages";
import { unwatched, type EngineWatch } from "./engineWatch";

/** What the resources of one engine run share: one process serves them all. */
export interface Run {
  /** The engine, watched from the first call on: programs load this module too, and have no engine to watch. */
  engine(): EngineWatch;
  configure(get: (key: string) => unknown): void;
  settings(): SettingsResult;
  /** @throws CodedError that names each setting that is missing or wrong */
  cluster(): Cluster;
}

/**
 * Starts a run without settings. They are checked on first use, because `configure` must never fail.
 *
 * @param watch - starts to watch the engine
 * @param adoption - how programs adopt an object, by default with `adopt`
 */
export function createRun(watch: () => EngineWatch = () => unwatched, adoption?: Adoption): Run {
  let engine: EngineWatch | undefined;
  let result: SettingsResult | undefined;
  let cluster: Cluster | undefined;
  let get: (key: string) => unknown = () => undefined;
  const settings = () => (result ??= parseSettings(collectSettings(get)));
  return {
    engine: () => (engine ??= watch()),
    configure(from) {
      get = from;
      result = undefined;
    },
    settings,
    cluster() {
      const { settings: known, problems } = settings();
      if (!known) throw problems ? invalidSettings(...problems) : settingsUnknown();
      // Each kind of resource is configured once: what the cluster remembers of this run must outlive that.
      if (!cluster || !isDeepStrictEqual(cluster.settings, known)) {
        const isLost = () => engine?.isLost() ?? false;
        cluster = openCluster(known, { isLost, ...(adoption && { adoption }) });
      }
      return cluster;
    },
  };
}
