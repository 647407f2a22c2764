import { accessKeyLifecycle } from "./accessKey";
import { bucketLifecycle } from "./bucket";
import { createRun, dynamicProvider } from "./dynamic";
import { userLifecycle } from "./user";

const run = createRun();

/**
 * The three providers as `pulumi.dynamic.ResourceProvider`. Stacks name them in one line of state,
 * `require("pulumi-ostor/provider").user`, that stacks made years ago still hold: these names stay.
 */
export const user = dynamicProvider(userLifecycle, run);
/** See `user`. */
export const accessKey = dynamicProvider(accessKeyLifecycle, run);
/** See `user`. */
export const bucket = dynamicProvider(bucketLifecycle, run);

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
export type { RawSettings, SettingName, SignatureVersion } from "./settings";
