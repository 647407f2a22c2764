import { accessKeyLifecycle } from "./accessKey";
import { bucketLifecycle } from "./bucket";
import { createRun, dynamicProvider } from "./dynamic";
import { watchEngine } from "./engineWatch";
import { thin } from "./thin";
import { rotatingAccessKeyLifecycle } from "./rotatingAccessKey";
import { userLifecycle } from "./user";

const run = createRun(watchEngine);

/** The providers themselves; they share the settings and connections of one engine run. */
export const providers = {
  user: dynamicProvider(userLifecycle, run),
  accessKey: dynamicProvider(accessKeyLifecycle, run),
  bucket: dynamicProvider(bucketLifecycle, run),
  rotation: dynamicProvider(rotatingAccessKeyLifecycle, run),
};

/** The providers by resource. */
export type Providers = typeof providers;

/**
 * The providers as `pulumi.dynamic.ResourceProvider`. Stacks name them in one line of state,
 * `require("pulumi-ostor/provider").user`, that stacks made years ago still hold: these names stay.
 */
export const user = thin("user");
/** See `user`. */
export const accessKey = thin("accessKey");
/** See `user`. */
export const bucket = thin("bucket");
/** See `user`. */
export const rotation = thin("rotation");

export { lookups } from "./lookup";
export type {
  BucketQuery,
  BucketResult,
  BucketsQuery,
  Lookups,
  UserQuery,
  UserResult,
} from "./lookup";
export { collectSettings } from "./settings";
export {
  describeUnknown,
  misspeltVariables,
  unknownArguments,
  unknownKeys,
  type UnknownSetting,
} from "./unknownSettings";
export type { Dialect, RawSettings, SettingName, SignatureVersion } from "./settings";
