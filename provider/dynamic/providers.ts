import { lifecycles } from "../resources/lifecycles";
import { watchEngine } from "../run/engineWatch";
import { dynamicProvider } from "./provider";
import { createRun } from "../run/run";

const run = createRun(watchEngine);

/** The providers that the dynamic host calls. They share the settings and connections of one engine run. */
export const providers = {
  user: dynamicProvider(lifecycles.user, run),
  accessKey: dynamicProvider(lifecycles.accessKey, run),
  bucket: dynamicProvider(lifecycles.bucket, run),
  rotation: dynamicProvider(lifecycles.rotation, run),
};

/** The providers by kind of resource. */
export type Providers = typeof providers;
