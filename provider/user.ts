import { z } from "zod";
import type { ApiUser } from "./api/schemas";
import { apiId, checkInputs, emailAddress, flag } from "./check";
import { anotherUser } from "./keys";
import { note, notFound, warn, type Lifecycle } from "./lifecycle";
import { findKnown } from "./presence";
import type { Session } from "./session";
import { refuseExisting } from "./refuse";
import { refuseSigner } from "./signer";
import { isUnknown } from "./unknown";
import { clearBuckets, refuseMoveWithBuckets } from "./userBuckets";
import { converge, isPairAsked, needsRequests } from "./userChanges";
import { findTaker, make, remove } from "./userMaking";
import {
  isAsStored,
  isSameUser,
  isToldOf,
  observed,
  stored,
  userState,
  type UserInputs,
  type UserState,
} from "./userState";

const userInputs = {
  emailAddress,
  state: z.enum(["enabled", "disabled"], 'must be "enabled" or "disabled"').default("enabled"),
  createAccessKey: flag,
  deleteEmptyBuckets: flag,
  adopt: apiId.optional(),
};

/** The life of a user of the cluster. Its id is the e-mail address; `userId` tells whether it is still the same. */
export const userLifecycle: Lifecycle = {
  check: (news) => checkInputs(userInputs, news),

  async diff(session, id, oldBag, newBag) {
    const olds = userState({ emailAddress: id, ...oldBag });
    const news = newBag as unknown as UserInputs;
    if (news.emailAddress !== olds.emailAddress) {
      if (session && !isUnknown(news.emailAddress)) await refuseMove(session, olds, news);
      return { changes: true, replaces: ["emailAddress"], ids: idsOf(olds) };
    }
    const isRevoked = olds.createAccessKey && !news.createAccessKey;
    const own = olds.accessKeyId;
    const isKept = own === undefined || session?.claims.isClaimed(own) === true;
    if (isRevoked && !isKept) note(toBeRevoked(olds, own));
    // Half-made it is no success, though a refresh took the mark away: the update tells what is missing.
    const changes =
      needsRequests(olds, news) || news.deleteEmptyBuckets !== olds.deleteEmptyBuckets;
    return { changes, ids: idsOf(isRevoked ? { ...olds, accessKeyId: undefined } : olds) };
  },

  async create(session, inputBag) {
    const inputs = inputBag as unknown as UserInputs;
    return session.changeKeys(inputs.emailAddress, async () => {
      const existing = await findTaker(session, inputs.emailAddress);
      if (!existing && isDeletedFirst(session, inputs)) throw deletedFirst(inputs);
      return existing ? adopt(session, existing, inputs) : make(session, inputs);
    });
  },

  async read(session, id, stateBag) {
    const known = userState({ emailAddress: id, ...stateBag });
    const read = () => session.snapshot.read(id, (listed) => isToldOf(listed, known));
    const found = await findKnown(session, id, (user) => isAsStored(user, known), read);
    // Somebody deleted and made it again: another's user, never taken silently.
    if (!found || !isSameUser(found, known.userId)) return notFound(known.userId, noSuchUser(id));
    const state = observed(found, known);
    const { emailAddress, deleteEmptyBuckets, createAccessKey } = state;
    const inputs = { emailAddress, state: state.state, createAccessKey, deleteEmptyBuckets };
    return { id, props: stored(state), inputs };
  },

  async update(session, id, oldBag, newBag) {
    const news = newBag as unknown as UserInputs;
    const known = userState({ emailAddress: id, ...oldBag });
    const state = { ...known, deleteEmptyBuckets: news.deleteEmptyBuckets };
    if (!needsRequests(state, news)) {
      return { outs: stored({ ...state, createAccessKey: news.createAccessKey }) };
    }
    return session.changeKeys(id, async () => {
      const isDone = ({ state: shown }: ApiUser) =>
        news.state !== state.state && shown === news.state;
      const isKnown = (user: ApiUser) => isAsStored(user, state) && !isDone(user);
      const found = await findKnown(session, id, isKnown);
      if (!found) throw goneUser(id);
      if (!isSameUser(found, state.userId)) throw anotherUser(id, state.userId, found);
      return { outs: stored(await change(session, found, state, news)) };
    });
  },

  async delete(session, id, stateBag) {
    const state = userState({ emailAddress: id, ...stateBag });
    const found = await findKnown(session, id, ({ userId }) => userId === state.userId);
    if (!found) return;
    if (found.userId !== state.userId) {
      warn(
        `user ${id}: the one of this stack is gone, another (userId ${found.userId}) has its address and is left alone`,
      );
      return;
    }
    if (session.claims.isClaimed(found.userId)) {
      warn(claimedUser(session, found));
      return;
    }
    refuseClaimedKeys(session, found);
    refuseSigner(session, found, "delete");
    await session.change(async () => {
      await clearBuckets(session, found, state);
      await remove(session, id, found.userId);
    });
  },
};

/** Takes an existing user into state as it is. Nothing on the cluster changes: the next preview shows what differs. */
async function adopt(session: Session, existing: ApiUser, inputs: UserInputs) {
  if (inputs.adopt !== existing.userId) throw await refuseExisting(session, existing, inputs.adopt);
  session.roster.add(existing);
  const { emailAddress, deleteEmptyBuckets } = inputs;
  const state = observed(existing, userState({ emailAddress, deleteEmptyBuckets }));
  return { id: emailAddress, outs: stored(state) };
}

/**
 * Changes what the program changed, and nothing else: a user suspended outside isn't enabled by an update that
 * didn't show it. What differs besides stays as stored until a refresh shows it.
 */
async function change(session: Session, found: ApiUser, state: UserState, news: UserInputs) {
  const shown = observed(found, state);
  const isStateAsked = news.state !== state.state;
  return converge(session, found, isStateAsked ? shown : { ...shown, state: state.state }, {
    state: news.state,
    createAccessKey: isPairAsked(state, news) ? news.createAccessKey : undefined,
  });
}

/** Refuses, at preview, a change of address that would lose buckets, or delete this user for one that can't be made. */
async function refuseMove(session: Session, olds: UserState, news: UserInputs): Promise<void> {
  await refuseMoveWithBuckets(session, olds, news);
  const existing = await session.client.getUser(news.emailAddress);
  if (existing?.userId === olds.userId) throw sameUser(olds, news);
  if (existing) throw takenAddress(olds, existing);
}

/** `adopt` is of no use here: it applies only to a resource that is not in the stack yet. */
function takenAddress({ emailAddress: old }: UserState, { emailAddress, userId }: ApiUser): Error {
  return new Error(
    `change the address of user ${old} to ${emailAddress}: it exists already (userId ${userId}), and nothing was changed; to manage that user declare it as a new resource, under another name, with adopt: "${userId}"`,
  );
}

function sameUser({ emailAddress }: UserState, news: UserInputs): Error {
  return new Error(
    `change the address of user ${emailAddress} to ${news.emailAddress}: for the service both are this user, who would be deleted and made anew; keep emailAddress: "${emailAddress}"`,
  );
}

/** What this user has on the cluster, as far as the state says. */
function idsOf({ userId, accessKeyId }: UserState): string[] {
  return [userId, accessKeyId].filter((id) => id !== undefined && id !== "") as string[];
}

/** Whether this run deleted the user to adopt, for its resource has another address now. A forced replacement isn't that. */
function isDeletedFirst({ roster, claims }: Session, { emailAddress, adopt }: UserInputs): boolean {
  return (
    adopt !== undefined && claims.isGivenUp(adopt) && roster.droppedFrom(adopt) === emailAddress
  );
}

function deletedFirst({ emailAddress, adopt = "" }: UserInputs): Error {
  return new Error(
    `adopt user ${emailAddress}: this run has just deleted it (userId ${adopt}), for its resource has another address now; nobody was made in its place; without adopt, pulumi up makes a new user`,
  );
}

/** The engine counts keys of a leaving resource as deleted with its user, and asks nobody to revoke them. */
function claimedUser({ claims }: Session, { emailAddress, userId, accessKeys }: ApiUser): string {
  const others = accessKeys.map((key) => key.accessKeyId).filter((id) => !claims.isTaken(id));
  const left =
    others.length === 0
      ? ""
      : `; no resource of this run keeps, adopts or created its keys ${others.join(", ")}: npx pulumi-ostor orphans lists those that no stack of the project holds`;
  return `user ${emailAddress} is not deleted: a resource of this program keeps or adopts it (userId ${userId})${left}`;
}

/**
 * Refuses to delete a user whose key the program still declares: the key would be deleted with it.
 *
 * @throws Error, before anything is sent
 */
function refuseClaimedKeys({ claims }: Session, { emailAddress, accessKeys }: ApiUser): void {
  const ids = accessKeys.map((key) => key.accessKeyId).filter((id) => claims.isClaimed(id));
  if (ids.length === 0) return;
  throw new Error(
    `delete user ${emailAddress}: refused, this program still declares its keys ${ids.join(", ")}, which would be deleted with it; remove these resources too, or keep the user`,
  );
}

function toBeRevoked({ emailAddress }: UserState, id: string): string {
  return `key ${id} of user ${emailAddress}, its own pair, is revoked by createAccessKey: false: whoever uses it is cut off, an AccessKey that adopts it as well`;
}

function noSuchUser(id: string): string {
  return `read user ${id}: there is no such user on the cluster; User.get takes the e-mail address of an existing user, and getUsers() returns all of them`;
}

function goneUser(id: string): Error {
  return new Error(`update user ${id}: it is gone from the cluster; run: pulumi up --refresh`);
}
