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
  adopted,
  isUserReplaced,
  ownerChanges,
  ownerOf,
  refuseForeign,
  secretOf,
  staleAdopt,
} from "./keyOwner";
import { generatePair, keyIds, maxKeys, strangersOf } from "./keys";
import { HalfMadeError, warn, type Bag, type Lifecycle } from "./lifecycle";
import { findPair } from "./presence";
import { revokePair } from "./revoke";
import type { Session } from "./session";
import { secret } from "./secret";
import { refuseReplacementWithBuckets } from "./userBuckets";
import { isSameUser } from "./userState";

const accessKeyInputs = {
  user: emailAddress,
  // The same address again, of programs where it is secret.
  emailAddress: emailAddress.optional(),
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
    const isRotated = isOther(news.keepers, olds.keepers);
    const moves = ownerChanges(olds, news);
    const replaces = [...moves, ...(isRotated ? ["keepers"] : [])];
    if (replaces.length === 0) {
      if (session) noteAdopt(session, olds, news);
      // Half-made it is no success, though a refresh took the mark away: the update tells what is missing.
      return { changes: olds.secretAccessKey === undefined };
    }
    if (session && isUserReplaced(news)) await refuseReplacementWithBuckets(session, olds);
    session?.replacedKeys.add(olds.accessKeyId);
    const stale = moves.length > 0 ? staleAdopt(olds, news) : keptAdopt(olds, news);
    for (const id of stale) session?.replacedKeys.add(id);
    const deleteBeforeReplace = news.replaceOrder === "delete-first";
    if (session && deleteBeforeReplace) await refuseForeign(session, olds, news);
    if (session && !deleteBeforeReplace && news.user === olds.emailAddress) {
      await warnWithoutFreeSlot(session, olds);
    }
    return { changes: true, replaces, deleteBeforeReplace };
  },

  async create(session, inputBag) {
    const inputs = inputBag as unknown as AccessKeyInputs;
    return session.changeKeys(inputs.user, async (made) => {
      const user = await ownerOf(session, inputs, made);
      const taken = adopted(session, user, inputs.adopt);
      if (taken) return make(session, user, taken, inputs);
      const pair = await generatePair(session, user);
      const accessKeys = [...user.accessKeys, pair];
      if (made) session.made.set(user.emailAddress, { ...user, accessKeys });
      warnOfStrangers(session, user, pair);
      return make(session, user, pair, inputs);
    });
  },

  async read(session, id, stateBag) {
    session.knownKeys.add(id);
    const known = keyState(stateBag);
    const { user, pair } = await findPair(session, id, known.emailAddress);
    if (!user || !pair || !isSameUser(user, known.userId)) return {};
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
    // Half-made it comes here again until somebody tells its secret, be it only to who asks for the user alone.
    return { outs: await finish(session, news.user, id, outs) };
  },

  async delete(session, id, stateBag) {
    const { emailAddress, userId } = keyState(stateBag);
    if (session.isTakenOver(emailAddress, id)) {
      warn(
        `key ${id} of user ${emailAddress} was adopted anew, not rotated, and is not revoked; change keepers to rotate it`,
      );
      return;
    }
    await session.changeKeys(emailAddress, async () => {
      const { user, pair } = await findPair(session, id, emailAddress);
      if (user && pair && isSameUser(user, userId)) await revokePair(session, user, id);
    });
  },
};

/**
 * An `adopt` that stays in a program names the pair that the resource has, or one that it rotated away long ago. A refresh
 * compares with what the last program declared: that takes nothing over.
 */
function noteAdopt(session: Session, { accessKeyId }: AccessKeyState, news: AccessKeyInputs): void {
  const { user, adopt } = news;
  if (adopt === undefined || !session.declares(user, adopt)) return;
  if (adopt === accessKeyId) session.held.add(adopt);
  else session.passedOver.add(adopt);
}

/**
 * The `adopt` that stood in the program already when this pair was made or taken over. What it names was rotated away, and
 * may still be there all the same: the run that was to revoke it failed.
 */
function keptAdopt({ adopt }: AccessKeyState, news: AccessKeyInputs): string[] {
  return adopt !== undefined && adopt === news.adopt ? [adopt] : [];
}

function isOther(keepers: AccessKeyInputs["keepers"], olds: AccessKeyState["keepers"]): boolean {
  return keepers !== olds && !isDeepStrictEqual(keepers ?? {}, olds ?? {});
}

async function warnWithoutFreeSlot(session: Session, olds: AccessKeyState): Promise<void> {
  const user = await session.client.getUser(olds.emailAddress).catch(() => undefined);
  if (!user || user.accessKeys.length < maxKeys) return;
  warn(
    `key ${olds.accessKeyId} of user ${user.emailAddress} can't be rotated create-first: both slots are taken (${keyIds(user)}); free one, or set replaceOrder: "delete-first"`,
  );
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

function withoutKey(emailAddress: string, id: string): Error {
  return new Error(`read key ${id} of user ${emailAddress}: it is gone; run: pulumi up --refresh`);
}

async function make(session: Session, user: ApiUser, pair: ApiKeyPair, inputs: AccessKeyInputs) {
  const { accessKeyId: id, secretAccessKey } = pair;
  const { adopt } = inputs;
  const state: AccessKeyState = {
    ...{ emailAddress: inputs.user, userId: user.userId, accessKeyId: id },
    ...(adopt !== undefined && { adopt }),
  };
  const outs = withKeepers(stored(state, secretAccessKey), inputs.keepers);
  return { id, outs: await finish(session, user.emailAddress, id, outs) };
}

/** What is to be stored; a secret that wasn't told is read. A key without one is kept, and said. */
async function finish(session: Session, emailAddress: string, id: string, outs: Bag): Promise<Bag> {
  if ("secretAccessKey" in outs) return outs;
  const told = await secretOf(session, emailAddress, id).catch((error: unknown) => {
    throw new HalfMadeError(id, outs, error);
  });
  return { ...outs, secretAccessKey: secret(told) };
}
