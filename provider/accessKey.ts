import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ApiKeyPair, ApiUser } from "./api/schemas";
import {
  inputsOf,
  keyState,
  stored,
  withKeepers,
  type AccessKeyInputs,
  type AccessKeyState,
} from "./accessKeyState";
import { apiId, checkInputs, emailAddress } from "./check";
import {
  anotherUser,
  generatePair,
  keyIds,
  maxKeys,
  readSecret,
  revokePair,
  strangersOf,
} from "./keys";
import { HalfMadeError, warn, type Lifecycle } from "./lifecycle";
import { findOwner, findPair, findUser } from "./presence";
import type { Session } from "./session";
import { isUnknown } from "./unknown";
import { refuseReplacementWithBuckets } from "./userBuckets";

const accessKeyInputs = {
  user: emailAddress,
  userId: apiId.optional(),
  keepers: z.record(z.string(), z.unknown(), "must be a map").optional(),
  replaceOrder: z
    .enum(["create-first", "delete-first"], 'must be "create-first" or "delete-first"')
    .default("create-first"),
  adopt: apiId.optional(),
};

/** The life of a key pair of a user. Its id is the access key id. */
export const accessKeyLifecycle: Lifecycle = {
  check: (news) => checkInputs(accessKeyInputs, news),

  async diff(session, _id, oldBag, newBag) {
    const olds = keyState(oldBag);
    const news = newBag as unknown as AccessKeyInputs;
    session?.knownKeys.add(olds.accessKeyId);
    const replaces = replaced(olds, news);
    if (replaces.length === 0) return { changes: false };
    // Both unknown: the engine asks what happens to this key when its user is replaced.
    const isUserReplaced =
      isUnknown(news.user) && (news.userId === undefined || isUnknown(news.userId));
    if (session && isUserReplaced) await refuseReplacementWithBuckets(session, olds);
    session?.replacedKeys.add(olds.accessKeyId);
    const deleteBeforeReplace = news.replaceOrder === "delete-first";
    if (session && !deleteBeforeReplace && news.user === olds.emailAddress) {
      await warnWithoutFreeSlot(session, olds);
    }
    return { changes: true, replaces, deleteBeforeReplace };
  },

  async create(session, inputBag) {
    const inputs = inputBag as unknown as AccessKeyInputs;
    return session.changeKeys(inputs.user, async (made) => {
      const isMade = made !== undefined && inputs.adopt === undefined;
      const user = isMade ? made : await findUser(session, inputs.user);
      if (!user) throw withoutUser(inputs.user);
      if (inputs.userId !== undefined && inputs.userId !== user.userId) {
        throw anotherUser(inputs.user, inputs.userId, user);
      }
      const taken = adopted(session, user, inputs.adopt);
      if (taken) return make(session, user, taken, inputs);
      const pair = await generatePair(session, user);
      warnOfStrangers(session, user, pair);
      return make(session, user, pair, inputs);
    });
  },

  async read(session, id, stateBag) {
    session.knownKeys.add(id);
    const known = keyState(stateBag);
    const find = () => findOwner(session, id, known.emailAddress);
    const { user, pair } = await findPair(session, id, find);
    if (!user || !pair || (known.userId !== "" && user.userId !== known.userId)) return {};
    const emailAddress = known.emailAddress || user.emailAddress;
    const state = { ...known, emailAddress, userId: user.userId, accessKeyId: id };
    // A service that stops telling secrets doesn't make the stored one disappear.
    const secretAccessKey = pair.secretAccessKey ?? known.secretAccessKey;
    return { id, props: stored(state, secretAccessKey), inputs: inputsOf(state) };
  },

  async update(session, id, oldBag, newBag) {
    const news = newBag as unknown as AccessKeyInputs;
    const { props } = await accessKeyLifecycle.read(session, id, oldBag);
    if (!props) throw withoutKey(news.user, id);
    const outs = withKeepers(props, news.keepers);
    // Half-made it comes here again until somebody tells its secret.
    if (!("secretAccessKey" in outs))
      throw new HalfMadeError(id, outs, withoutSecret(news.user, id));
    return { outs };
  },

  async delete(session, id, stateBag) {
    const { emailAddress, userId } = keyState(stateBag);
    if (session.held.has(id)) {
      warn(
        `key ${id} of user ${emailAddress} was adopted anew, not rotated, and is not revoked; change keepers to rotate it`,
      );
      return;
    }
    await session.changeKeys(emailAddress, async () => {
      const { user, pair } = await findPair(session, id, () =>
        findOwner(session, id, emailAddress),
      );
      const isSame = userId === "" || user?.userId === userId;
      if (user && isSame && pair) await revokePair(session, user, id);
    });
  },
};

function replaced(olds: AccessKeyState, news: AccessKeyInputs): string[] {
  const changed = {
    user: news.user !== olds.emailAddress,
    // Of a user that is updated in place the preview doesn't know the id: that replaces nothing.
    userId:
      olds.userId !== "" &&
      news.userId !== undefined &&
      !isUnknown(news.userId) &&
      news.userId !== olds.userId,
    keepers: !isDeepStrictEqual(news.keepers ?? {}, olds.keepers ?? {}),
  };
  return Object.entries(changed).flatMap(([name, isChanged]) => (isChanged ? [name] : []));
}

async function warnWithoutFreeSlot(session: Session, olds: AccessKeyState): Promise<void> {
  const user = await session.client.getUser(olds.emailAddress).catch(() => undefined);
  if (!user || user.accessKeys.length < maxKeys) return;
  warn(
    `key ${olds.accessKeyId} of user ${user.emailAddress} can't be rotated create-first: both slots are taken (${keyIds(user)}); free one, or set replaceOrder: "delete-first"`,
  );
}

/**
 * The pair to take over, if any. An `adopt` may stay in the program: it doesn't hold up a rotation, and when
 * its pair is no longer there a new one is generated, which is said.
 */
function adopted(session: Session, user: ApiUser, id: string | undefined): ApiKeyPair | undefined {
  if (id === undefined || session.replacedKeys.has(id)) return undefined;
  const pair = user.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  if (pair) {
    session.held.add(id);
    session.knownKeys.add(id);
    return pair;
  }
  const present = user.accessKeys.length === 0 ? "it has none" : `it has ${keyIds(user)}`;
  const problem = `adopt key ${id} of user ${user.emailAddress}: it has no such key (${present})`;
  // A key's id begins with its user's: this one was another's, or never was.
  if (!id.startsWith(user.userId)) throw new Error(`${problem}; leave adopt out to generate one`);
  warn(`${problem}; a new one is generated`);
  return undefined;
}

/**
 * Names the pairs beside a new one that this run didn't meet. They may be the user's own business, or of a resource
 * that this run removes; or a killed run generated them, and then nobody but this line tells.
 */
function warnOfStrangers(session: Session, user: ApiUser, pair: ApiKeyPair): void {
  const strangers = strangersOf(session, user);
  if (strangers.length === 0) return;
  warn(
    `key ${pair.accessKeyId} of user ${user.emailAddress} was generated beside ${strangers.join(", ")}, which this run didn't meet in state: another stack's, the user's own, or what a killed run left; npx pulumi-ostor orphans tells which is in no stack of the project`,
  );
}

function withoutUser(emailAddress: string): Error {
  return new Error(`create a key of user ${emailAddress}: there is no such user on the cluster`);
}

function withoutKey(emailAddress: string, id: string): Error {
  return new Error(`read key ${id} of user ${emailAddress}: it is gone; run: pulumi up --refresh`);
}

async function make(session: Session, user: ApiUser, pair: ApiKeyPair, inputs: AccessKeyInputs) {
  const { accessKeyId: id, secretAccessKey } = pair;
  const state: AccessKeyState = { emailAddress: inputs.user, userId: user.userId, accessKeyId: id };
  const outs = withKeepers(stored(state, secretAccessKey), inputs.keepers);
  if (secretAccessKey !== undefined) return { id, outs };
  // Some answers leave the secret out; it can be read again. A key without one is kept, and said.
  const told = await readSecret(session, user.emailAddress, id).catch((error: unknown) => {
    throw new HalfMadeError(id, outs, error);
  });
  if (told === undefined) throw new HalfMadeError(id, outs, withoutSecret(user.emailAddress, id));
  return { id, outs: withKeepers(stored(state, told), inputs.keepers) };
}

function withoutSecret(emailAddress: string, id: string): Error {
  return new Error(
    `key ${id} of user ${emailAddress} exists, but the service doesn't tell its secret; ask the service's administrator, or rotate it`,
  );
}
