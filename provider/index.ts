import type * as pulumi from "@pulumi/pulumi";
import { providers, type Providers } from "./dynamic/providers";

export { providers, type Providers };

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

/**
 * One of the providers as functions that look the real one up when called. So it can also be handed to
 * `pulumi.dynamic.Resource`, whose serializer would else copy the package's code into each resource's state.
 */
function thin(name: keyof Providers): Required<pulumi.dynamic.ResourceProvider> {
  // Looking a module up takes longer than the call itself. Filled by calls only: it is serialized empty.
  const found: Partial<Providers> = {};
  const load = () => (found[name] ??= provider(name));
  return {
    configure: (request) => load().configure(request),
    check: (olds, news) => load().check(olds, news),
    diff: (id, olds, news) => load().diff(id, olds, news),
    create: (inputs) => load().create(inputs),
    read: (id, state) => load().read(id, state),
    update: (id, olds, news) => load().update(id, olds, news),
    delete: (id, state) => load().delete(id, state),
  };
}

function provider(name: keyof Providers): Providers[keyof Providers] {
  // oxlint-disable-next-line typescript/no-require-imports -- this line is what gets serialized
  const { providers } = require("pulumi-ostor/provider") as { providers: Providers };
  return providers[name];
}
