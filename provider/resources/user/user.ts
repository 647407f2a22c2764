import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ApiUser } from "../../api/schemas";
import type { Cluster } from "../../cluster/cluster";
import { isUnknown } from "../../settings/unknown";
import { note, warn } from "../../text/print";
import { apiId, checkInputs, emailAddress, flag } from "../check";
import { changed, notFound, PartialError, type CreateResult, type Lifecycle } from "../lifecycle";
import { userGone, userReplaced } from "../messages";
import * as messages from "./messages";
import { refuseMove } from "./move";
import { disableAnyway, isOwnKeyAsked, readOwnSecret, setOwnKey, withoutKey } from "./ownKey";
import {
  isAsStored,
  isOwnKeyUnknown,
  idsOf,
  isSameUser,
  lacksSecret,
  observed,
  stored,
  userState,
  type UserInputs,
  type UserState,
} from "./state";

const userInputs = {
  emailAddress,
  state: z.enum(["enabled", "disabled"], 'must be "enabled" or "disabled"').default("enabled"),
  createAccessKey: flag,
  deleteEmptyBuckets: flag,
  adopt: apiId.optional(),
};

/** The life cycle of a user. Its id is the e-mail address. A user that someone re-created has another `userId`. */
export const userLifecycle: Lifecycle = {
  check: (news) => checkInputs(userInputs, news),

  async diff(cluster, id, oldBag, newBag) {
    const olds = userState({ emailAddress: id, ...oldBag });
    const news = newBag as unknown as UserInputs;
    if (news.emailAddress !== olds.emailAddress) {
      if (cluster && !isUnknown(news.emailAddress)) await refuseMove(cluster, olds, news);
      return { changes: changed("replace", { emailAddress: true }), ids: idsOf(olds) };
    }
    const isRevoked = olds.createAccessKey && !news.createAccessKey;
    const ownId = olds.accessKeyId;
    const isKept = ownId === undefined || cluster?.claims.isClaimed(ownId) === true;
    if (isRevoked && !isKept) note(messages.ownKeyRevoked(olds));
    const changes = changed("update", {
      state: news.state !== olds.state,
      createAccessKey: isOwnKeyAsked(olds, news) || lacksSecret(olds),
      deleteEmptyBuckets: news.deleteEmptyBuckets !== olds.deleteEmptyBuckets,
    });
    return { changes, ids: idsOf(isRevoked ? { ...olds, accessKeyId: undefined } : olds) };
  },

  create(cluster, inputBag) {
    const inputs = inputBag as unknown as UserInputs;
    const { emailAddress: address, adopt: adoptId } = inputs;
    return cluster.withAddress(address, async (existing) => {
      if (existing) return adopt(cluster, existing, inputs);
      if (cluster.replacedFrom(adoptId) === address) throw messages.deletedFirst(address, adoptId);
      return cluster.createUser(address, (user) => finishCreation(cluster, user, inputs));
    });
  },

  async read(cluster, id, stateBag) {
    const known = userState({ emailAddress: id, ...stateBag });
    const found = await cluster.findUser(id, (user) => isAsStored(user, known));
    // Someone deleted and re-created the user. It is a different user now; never adopt it implicitly.
    if (!found || !isSameUser(found, known.userId)) {
      return notFound(known.userId, () => messages.userToRead(id));
    }
    const shown = observed(found, known);
    const { emailAddress: address, state, createAccessKey, deleteEmptyBuckets } = shown;
    const inputs = { emailAddress: address, state, createAccessKey, deleteEmptyBuckets };
    return { id, props: stored(shown), inputs };
  },

  async update(cluster, id, oldBag, newBag) {
    const news = newBag as unknown as UserInputs;
    const olds = userState({ emailAddress: id, ...oldBag });
    const state = { ...olds, deleteEmptyBuckets: news.deleteEmptyBuckets };
    const isSent = news.state !== state.state || isOwnKeyAsked(state, news) || lacksSecret(state);
    if (!isSent) return { outs: stored({ ...state, createAccessKey: news.createAccessKey }) };
    // If the user already has the declared state, someone else changed it, or the read is stale: read it again.
    const isExpected = (user: ApiUser) =>
      isAsStored(user, state) && (news.state === state.state || user.state !== news.state);
    return cluster.withUser(id, isExpected, async (user) => {
      if (!user) throw userGone(`update user ${id}`);
      if (!isSameUser(user, state.userId)) throw userReplaced(id, state.userId, user);
      return { outs: stored(await change(cluster, user, state, news)) };
    });
  },

  async delete(cluster, id, stateBag) {
    const state = userState({ emailAddress: id, ...stateBag });
    const user = await cluster.readUser(id, ({ userId }) => userId === state.userId);
    if (!user) return;
    if (user.userId !== state.userId) {
      warn(messages.otherUserKept(id, user));
      return;
    }
    const { accessKeyId, secretAccessKey, deleteEmptyBuckets } = state;
    const storedKey = accessKeyId === undefined ? undefined : { accessKeyId, secretAccessKey };
    await cluster.deleteUser(user, { deleteEmptyBuckets, storedKey });
  },
};

/** Stores an existing user as it is, and changes nothing on the cluster. The next preview lists what differs. */
async function adopt(cluster: Cluster, user: ApiUser, inputs: UserInputs): Promise<CreateResult> {
  if (inputs.adopt !== user.userId) throw await cluster.refuseExisting(user, inputs.adopt);
  cluster.adopted(user);
  const { emailAddress: id, deleteEmptyBuckets } = inputs;
  const state = observed(user, userState({ emailAddress: id, deleteEmptyBuckets }));
  return { id, outs: stored(state) };
}

/** Changes a new user to what is declared. If a step fails, the user is stored as partially created. */
async function finishCreation(
  cluster: Cluster,
  created: ApiUser,
  inputs: UserInputs,
): Promise<CreateResult> {
  const { emailAddress: id, deleteEmptyBuckets } = inputs;
  const declared = { emailAddress: id, deleteEmptyBuckets, createAccessKey: true };
  let state = observed(created, userState({ ...declared, ...created.accessKeys[0] }));
  try {
    // Awaited after the revocation: until then, its failure must not count as unhandled.
    const showing = cluster.untilShown(created);
    showing.catch(() => undefined);
    const isRevoked = !inputs.createAccessKey && (await cluster.revokeFirstKey(created));
    const user = await showing;
    // The response to the creation may not contain the key that comes with every new user.
    const key = isOwnKeyUnknown(state) ? user.accessKeys[0] : {};
    const own = isRevoked ? withoutKey : key;
    state = observed(user, { ...state, ...own });
    state = await converge(cluster, user, state, inputs);
    keepOwn(cluster, user, state);
    return { id, outs: stored(state) };
  } catch (error) {
    throw error instanceof PartialError ? error : new PartialError(id, stored(state), error);
  }
}

/** Passes the new user on to its first access key, which then needs no read. */
function keepOwn(cluster: Cluster, user: ApiUser, { accessKeyId, state, ...rest }: UserState) {
  if (user.accessKeys.length > 1 || user.emailAddress !== rest.emailAddress) return;
  const accessKeys = accessKeyId === undefined ? [] : user.accessKeys;
  cluster.keepOwn({ ...user, accessKeys, state });
}

/**
 * Changes what the program changed, and nothing else: if someone else suspended the user after the last refresh, an
 * update of its key does not enable it. The next refresh stores the suspension.
 */
async function change(cluster: Cluster, user: ApiUser, state: UserState, news: UserInputs) {
  const shown = observed(user, state);
  const isStateAsked = news.state !== state.state;
  return converge(cluster, user, isStateAsked ? shown : { ...shown, state: state.state }, {
    state: news.state,
    createAccessKey: isOwnKeyAsked(state, news) ? news.createAccessKey : undefined,
  });
}

/** What `converge` sets; an undefined `createAccessKey` leaves the own key as it is. */
type Asked = Pick<UserInputs, "state"> & { createAccessKey: boolean | undefined };

/**
 * Enables or disables a user, and generates or revokes its own key.
 *
 * @throws PartialError with what was reached, if anything changed or the secret of the own key is unknown
 */
async function converge(cluster: Cluster, user: ApiUser, state: UserState, asked: Asked) {
  const reached = { ...state };
  const setState = async (wanted: UserInputs["state"]) => {
    if (asked.state !== wanted || reached.state === wanted) return;
    await cluster.setUserState(user, wanted);
    reached.state = wanted;
  };
  const isDisabled = asked.state === "disabled" && state.state !== "disabled";
  if (isDisabled) cluster.refuseSigner(user, "disable");
  try {
    // Some releases change the keys of enabled users only.
    await setState("enabled");
    await setOwnKey(cluster, user, reached, asked.createAccessKey).catch(async (error: unknown) => {
      if (isDisabled) await disableAnyway(cluster, user, error, () => setState("disabled"));
      throw error;
    });
    await setState("disabled");
    if (lacksSecret(reached)) await readOwnSecret(cluster, reached);
    return reached;
  } catch (error) {
    const isPartial = !isDeepStrictEqual(reached, state) || lacksSecret(reached);
    throw isPartial ? new PartialError(state.emailAddress, stored(reached), error) : error;
  }
}
