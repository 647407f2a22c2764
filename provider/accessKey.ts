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
import { apiId, checkInputs, emailAddress, keepers } from "./check";
import { adopted, isUserReplaced, ownerChanges, ownerOf, secretOf } from "./keyOwner";
import { generatePair } from "./keys";
import { HalfMadeError, notFound, warn, type Bag, type Lifecycle } from "./lifecycle";
import { findPair } from "./presence";
import { claimedKey, revokePair } from "./revoke";
import type { Session } from "./session";
import { secret } from "./secret";
import { refuseReplacementWithBuckets } from "./userBuckets";
import { isSameUser } from "./userState";

const accessKeyInputs = {
  user: emailAddress,
  // The same address again, of programs where it is secret.
  emailAddress: emailAddress.optional(),
  userId: apiId.optional(),
  keepers: keepers.optional(),
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
    const ids = [olds.accessKeyId];
    const isRotated = isOther(news.keepers, olds.keepers);
    const moves = ownerChanges(olds, news);
    const replaces = [...moves, ...(isRotated ? ["keepers"] : [])];
    // Half-made it is no success, though a refresh took the mark away: the update tells what is missing.
    if (replaces.length === 0) return { changes: olds.secretAccessKey === undefined, ids };
    if (session && isUserReplaced(news)) await refuseReplacementWithBuckets(session, olds);
    return {
      changes: true,
      replaces,
      deleteBeforeReplace: news.replaceOrder === "delete-first",
      ids,
    };
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
      return make(session, user, pair, inputs);
    });
  },

  async read(session, id, stateBag) {
    const known = keyState(stateBag);
    const { user, pair } = await findPair(session, id, known.emailAddress);
    if (!user || !pair || !isSameUser(user, known.userId))
      return notFound(known.accessKeyId, noSuchKey(id));
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
    await session.changeKeys(emailAddress, async () => {
      const { user, pair } = await findPair(session, id, emailAddress);
      if (!user || !pair || !isSameUser(user, userId)) return;
      const outcome = await revokePair(session, user, id);
      // A forced replacement adopts the same key again, where its adopt line stays in the program.
      if (outcome === "claimed")
        warn(`${claimedKey(user, id)}; to rotate a key change its keepers`);
    });
  },
};

function isOther(keepers: AccessKeyInputs["keepers"], olds: AccessKeyState["keepers"]): boolean {
  return keepers !== olds && !isDeepStrictEqual(asTexts(keepers), asTexts(olds));
}

/** `1` and `"1"` are the same keeper: who corrects a type in a program wants no other key. */
function asTexts(keepers: AccessKeyInputs["keepers"] = {}): Record<string, unknown> {
  const isPlain = (value: unknown) => typeof value === "number" || typeof value === "boolean";
  return Object.fromEntries(
    Object.entries(keepers).map(([name, value]) => [name, isPlain(value) ? String(value) : value]),
  );
}

function noSuchKey(id: string): string {
  return `read key ${id}: no user of the cluster has it; AccessKey.get takes the id of an existing access key, and getUser() returns the ids of a user's keys`;
}

function withoutKey(emailAddress: string, id: string): Error {
  return new Error(`read key ${id} of user ${emailAddress}: it is gone; run: pulumi up --refresh`);
}

async function make(session: Session, user: ApiUser, pair: ApiKeyPair, inputs: AccessKeyInputs) {
  const { accessKeyId: id, secretAccessKey } = pair;
  const state = { emailAddress: inputs.user, userId: user.userId, accessKeyId: id };
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
