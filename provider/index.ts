import { providers } from "./dynamic/providers";
import { thin } from "./dynamic/thin";

export { providers };

/**
 * The providers as `pulumi.dynamic.ResourceProvider`. The state of every stack names them in one line,
 * `require("pulumi-ostor/provider").user`: these names never change.
 */
export const user = thin("user");
/** See `user`. */
export const accessKey = thin("accessKey");
/** See `user`. */
export const bucket = thin("bucket");
/** See `user`. */
export const rotation = thin("rotation");

export type { Providers } from "./dynamic/providers";
export { lookups } from "./resources/lookup";
export { CodedError } from "./text/message";
export type {
  BucketQuery,
  BucketResult,
  BucketsQuery,
  Lookups,
  UserQuery,
  UserResult,
} from "./resources/lookup";
export { describeUnknown } from "./settings/messages";
export {
  misspeltVariables,
  unknownArguments,
  unknownKeys,
  type UnknownSetting,
} from "./settings/unknownSettings";
export { collectSettings } from "./settings/settings";
export type { SettingName } from "./settings/names";
export type { Dialect, RawSettings, SignatureVersion } from "./settings/settings";
