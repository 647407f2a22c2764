import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ApiKey, ApiUser } from "../../api/schemas";
import type { Cluster } from "../../cluster/cluster";
import { apiId, checkInputs, emailAddress, keepers } from "../check";
import {
  hasKey,
  keyToAdopt,
  ownerChanges,
  readSecret,
  refuseReplacement,
  withOwner,
} from "../keyOwner";
import { changed, notFound, PartialError, type Bag, type Lifecycle } from "../lifecycle";
import { secret } from "../secret";
import { isSameUser } from "../user/state";
import { keyGone, keyToRead } from "./messages";
import { inputsOf, keyState, stored, withKeepers, type AccessKeyInputs } from "./state";

const accessKeyInputs = {
  user: emailAddress,
  // The same address again, for programs in which it is secret.
  emailAddress: emailAddress.optional(),
  userId: apiId.optional(),
  keepers: keepers.optional(),
  replaceOrder: z
    .enum(["create-first", "delete-first"], 'must be "create-first" or "delete-first"')
    .default("create-first"),
  adopt: apiId.optional(),
};

/** The life cycle of an access key. Its id is the access key id. */
export const accessKeyLifecycle: Lifecycle = {
  check: (news) => checkInputs(accessKeyInputs, news),

  async diff(cluster, _id, oldBag, newBag) {
    const olds = keyState(oldBag);
    const news = newBag as unknown as AccessKeyInputs;
    const ids = [olds.accessKeyId];
    const replaces = changed("replace", {
      ...ownerChanges(olds, news),
      keepers: !isDeepStrictEqual(asTexts(news.keepers), asTexts(olds.keepers)),
    });
    if (replaces.length > 0) {
      await refuseReplacement(cluster, olds, ids, news);
      return { changes: replaces, deleteBeforeReplace: news.replaceOrder === "delete-first", ids };
    }
    // Partially created it is no success, though a refresh removed the mark: the update reports what is missing.
    const changes = changed("update", { secretAccessKey: olds.secretAccessKey === undefined });
    return { changes, ids };
  },

  create(cluster, inputBag) {
    const inputs = inputBag as unknown as AccessKeyInputs;
    return withOwner(cluster, inputs, async (user) => {
      const adopted = keyToAdopt(cluster, user, inputs.adopt);
      const key = adopted ?? (await cluster.generateKey(user));
      return { id: key.accessKeyId, outs: await store(cluster, user, key, inputs) };
    });
  },

  async read(cluster, id, stateBag) {
    const known = keyState(stateBag);
    const found = await cluster.findKey(id, known.emailAddress);
    if (!found || !isSameUser(found.user, known.userId))
      return notFound(known.accessKeyId, () => keyToRead(id));
    const { user, key } = found;
    const address = known.emailAddress || user.emailAddress;
    const state = { ...known, emailAddress: address, userId: user.userId, accessKeyId: id };
    // The stored secret stays when the service stops to return it.
    const secretAccessKey = key.secretAccessKey ?? known.secretAccessKey;
    return { id, props: stored(state, secretAccessKey), inputs: inputsOf(state) };
  },

  async update(cluster, id, oldBag, newBag) {
    const news = newBag as unknown as AccessKeyInputs;
    const { props } = await accessKeyLifecycle.read(cluster, id, oldBag);
    if (!props) throw keyGone(news.user, id);
    return { outs: await withSecret(cluster, news.user, id, withKeepers(props, news.keepers)) };
  },

  async delete(cluster, id, stateBag) {
    const { emailAddress: address, userId } = keyState(stateBag);
    await cluster.withUser(
      address,
      (user) => hasKey(user, id),
      async (user) => {
        const isThere = user && isSameUser(user, userId) && hasKey(user, id);
        if (isThere) await cluster.revokeKey(user, id);
      },
    );
  },
};

/** `1` and `"1"` are the same keeper: a corrected type in a program rotates nothing. */
function asTexts(values: Record<string, unknown> = {}): Record<string, unknown> {
  const isPlain = (value: unknown) => typeof value === "number" || typeof value === "boolean";
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isPlain(value) ? String(value) : value]),
  );
}

function store(
  cluster: Cluster,
  user: ApiUser,
  { accessKeyId, secretAccessKey }: ApiKey,
  { user: address, keepers }: AccessKeyInputs,
): Promise<Bag> {
  const state = { emailAddress: address, userId: user.userId, accessKeyId };
  const outs = withKeepers(stored(state, secretAccessKey), keepers);
  return withSecret(cluster, user.emailAddress, accessKeyId, outs);
}

/** What the engine stores. A secret that no answer contained is read; a key without one stays in state as partially created. */
async function withSecret(cluster: Cluster, address: string, id: string, outs: Bag): Promise<Bag> {
  if ("secretAccessKey" in outs) return outs;
  const secretAccessKey = await readSecret(cluster, address, id).catch((error: unknown) => {
    throw new PartialError(id, outs, error);
  });
  return { ...outs, secretAccessKey: secret(secretAccessKey) };
}
