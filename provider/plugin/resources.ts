import type { Cluster } from "../cluster/cluster";
import type { OwnedKeys } from "../cluster/revocable";
import { keyState } from "../resources/accessKey/state";
import type { Bag, Found, Lifecycle } from "../resources/lifecycle";
import { lifecycles } from "../resources/lifecycles";
import { readRotationById } from "../resources/rotatingAccessKey/byId";
import { rotationState } from "../resources/rotatingAccessKey/state";
import * as previews from "./previews";
import { accessKey } from "./schema/accessKey";
import { bucket } from "./schema/bucket";
import { rotatingAccessKey } from "./schema/rotatingAccessKey";
import { user } from "./schema/user";
import { unknownType } from "./messages";

/** One kind of resource, as the plugin serves it. */
export interface Kind {
  lifecycle: Lifecycle;
  /** The names of its inputs: those of the life cycle without `adopt`, for which the engine has imports. */
  inputs: readonly string[];
  /** The outputs of a creation, as far as a preview knows them. */
  previewCreate(news: Bag): Bag;
  /** The outputs of an update, as far as a preview knows them. */
  previewUpdate(olds: Bag, news: Bag): Bag;
  /** Outputs that are secret whatever the program says. */
  secrets: readonly string[];
  /** Outputs that repeat an input of another name: they are secret if that is. */
  repeats?: Readonly<Record<string, string>>;
  /** Reads a resource that is in no state; by default the life cycle does. */
  readById?: (cluster: Cluster, id: string) => Promise<Found>;
  /** The access keys in a state, for keys. Their deletion depends on the user's. */
  keysOf?: (state: Bag) => OwnedKeys;
  /** The id of a user whose empty buckets are deleted with it. */
  emptiedUser?: (state: Bag) => string | undefined;
}

const kinds: Readonly<Record<string, Kind>> = {
  "ostor:index:User": {
    lifecycle: lifecycles.user,
    inputs: Object.keys(user.inputProperties),
    previewCreate: previews.createUser,
    previewUpdate: previews.updateUser,
    secrets: ["secretAccessKey"],
    emptiedUser({ userId, deleteEmptyBuckets }) {
      return deleteEmptyBuckets === true && typeof userId === "string" ? userId : undefined;
    },
  },
  "ostor:index:AccessKey": {
    lifecycle: lifecycles.accessKey,
    inputs: Object.keys(accessKey.inputProperties),
    previewCreate: previews.createKey,
    previewUpdate: previews.updateKey,
    secrets: ["secretAccessKey"],
    repeats: { emailAddress: "user" },
    keysOf(state) {
      const { accessKeyId, secretAccessKey, ...owner } = keyState(state);
      return { ...owner, accessKeys: [{ accessKeyId, secretAccessKey }] };
    },
  },
  "ostor:index:RotatingAccessKey": {
    lifecycle: lifecycles.rotation,
    inputs: Object.keys(rotatingAccessKey.inputProperties),
    previewCreate: previews.createRotation,
    previewUpdate: previews.updateRotation,
    secrets: ["secretAccessKey", "previousSecretAccessKey"],
    repeats: { emailAddress: "user" },
    readById: readRotationById,
    keysOf(bag) {
      const state = rotationState(bag);
      const { accessKeyId, secretAccessKey, previousAccessKeyId } = state;
      const ids: [string | undefined, string | undefined][] = [
        [accessKeyId, secretAccessKey],
        [previousAccessKeyId, state.previousSecretAccessKey],
      ];
      const accessKeys = ids.flatMap(([id, secret]) =>
        id === undefined ? [] : [{ accessKeyId: id, secretAccessKey: secret }],
      );
      return { ...state, accessKeys };
    },
  },
  "ostor:index:Bucket": {
    lifecycle: lifecycles.bucket,
    inputs: Object.keys(bucket.inputProperties),
    previewCreate: previews.createBucket,
    previewUpdate: previews.updateBucket,
    secrets: [],
    repeats: { ownerId: "owner" },
  },
};

/**
 * The kind of a type.
 *
 * @throws CodedError for a type that this plugin does not have
 */
export function kindOf(type: string): Kind {
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (!kind) throw unknownType(type);
  return kind;
}
