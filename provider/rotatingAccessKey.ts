import { z } from "zod";
import type { ApiKeyPair, ApiUser } from "./api/schemas";
import { apiId, checkInputs, emailAddress } from "./check";
import { adopted, isUserReplaced, ownerChanges, ownerOf } from "./keyOwner";
import { anotherUser, generatePair } from "./keys";
import { note, warn, type Lifecycle } from "./lifecycle";
import { findKnown } from "./presence";
import { claimedKey, revokePair } from "./revoke";
import { asFound, finish, inPlace, refuseOthers, takeStep } from "./rotation";
import {
  givingWay,
  inputsOf,
  nextStep,
  pairIds,
  periodMs,
  rotationState,
  scheduleOf,
  storedRotation,
  type RotationInputs,
  type RotationState,
} from "./rotationState";
import { isUnknown } from "./unknown";
import { refuseReplacementWithBuckets } from "./userBuckets";

const rotationInputs = {
  user: emailAddress,
  // The same address again, of programs where it is secret.
  emailAddress: emailAddress.optional(),
  userId: apiId.optional(),
  every: z
    .string('must be a period such as "30d"')
    .regex(/^[1-9]\d{0,3}[mhdw]$/, 'must be a period such as "30d", in m, h, d or w')
    .optional(),
  generation: z.int("must be a whole number").min(0, "must be a whole number from 0 on").optional(),
  adopt: apiId.optional(),
};

/**
 * The life of a user's two pairs, of which the current one is to be used, and the previous one still works. Its id is
 * the user's. One resource for both: which pair is the current one must be in one state, or a rotation that failed
 * halfway would be followed by one that revokes it.
 */
export const rotatingAccessKeyLifecycle: Lifecycle = {
  check(news) {
    const { inputs, failures } = checkInputs(rotationInputs, news);
    const given = [inputs["every"], inputs["generation"]].filter((each) => each !== undefined);
    if (given.length === 1 || failures.length > 0) return { inputs, failures };
    const reason = "one of every and generation must be given, and not both";
    return { inputs, failures: [{ property: "", reason }] };
  },

  async diff(session, _id, oldBag, newBag) {
    const olds = rotationState(oldBag);
    const news = newBag as unknown as RotationInputs;
    const replaces = ownerChanges(olds, news);
    if (replaces.length > 0) {
      if (session && isUserReplaced(news)) {
        const accessKeyId = pairIds(olds).join(" and ");
        await refuseReplacementWithBuckets(session, { ...olds, accessKeyId });
      }
      return { changes: true, replaces, deleteBeforeReplace: false, ids: pairIds(olds) };
    }
    const step = nextStep(olds, news, Date.now());
    if (step === "rotate") note(toBeRotated(olds));
    else if (isUnknown(news.generation) || isUnknown(news.every)) note(mayBeRotated(olds));
    warnOfLowerCounter(olds, news);
    warnOfFuture(olds, news);
    const last = step === "rotate" ? givingWay(olds) : undefined;
    return { changes: step !== undefined, ids: pairIds(olds).filter((id) => id !== last) };
  },

  async create(session, inputBag) {
    const inputs = inputBag as unknown as RotationInputs;
    return session.changeKeys(inputs.user, async (made) => {
      const user = await ownerOf(session, inputs, made);
      refuseOthers(session, user, inputs.adopt);
      const pair = adopted(session, user, inputs.adopt) ?? (await generatePair(session, user));
      const { userId } = user;
      const owner = { emailAddress: inputs.user, userId, ...scheduleOf(inputs) };
      return { id: userId, outs: await finish(session, { ...owner, ...inPlace(pair) }) };
    });
  },

  async read(session, id, stateBag) {
    if (stateBag["rotatedAt"] === undefined) throw new Error(withoutState(id));
    const known = rotationState(stateBag);
    const { emailAddress, userId } = known;
    const hasAll = ({ accessKeys }: ApiUser) => pairIds(known).every(isAmong(accessKeys));
    const read = () => session.snapshot.read(emailAddress, hasAll);
    const user = await findKnown(session, emailAddress, hasAll, read);
    if (user?.userId !== userId) return {};
    const state = asFound(known, user);
    return { id, props: storedRotation(state), inputs: inputsOf(state) };
  },

  async update(session, _id, oldBag, newBag) {
    const olds = rotationState(oldBag);
    const news = newBag as unknown as RotationInputs;
    const { emailAddress, userId } = olds;
    const hasAll = ({ accessKeys }: ApiUser) => pairIds(olds).every(isAmong(accessKeys));
    const outs = await session.changeKeys(emailAddress, async () => {
      const user = await findKnown(session, emailAddress, hasAll);
      if (!user) throw new Error(gone(olds));
      if (user.userId !== userId) throw anotherUser(emailAddress, userId, user);
      return takeStep(session, user, olds, news);
    });
    return { outs };
  },

  async delete(session, _id, stateBag) {
    const state = rotationState(stateBag);
    const { emailAddress } = state;
    await session.changeKeys(emailAddress, async () => {
      const hasAll = ({ accessKeys }: ApiUser) => pairIds(state).every(isAmong(accessKeys));
      const user = await findKnown(session, emailAddress, hasAll);
      if (user?.userId !== state.userId) return;
      for (const id of pairIds(state).filter(isAmong(user.accessKeys))) {
        const outcome = await revokePair(session, user, id);
        if (outcome === "claimed") warn(claimedKey(user, id));
      }
    });
  },
};

function isAmong(pairs: ApiKeyPair[]): (id: string) => boolean {
  return (id) => pairs.some(({ accessKeyId }) => accessKeyId === id);
}

function toBeRotated(olds: RotationState): string {
  const last = givingWay(olds);
  const before = last === undefined ? "" : `key ${last} is revoked, then `;
  const left = pairIds(olds).filter((id) => id !== last);
  return `rotation of user ${olds.emailAddress} is due: ${before}a new key is generated; key ${left.join()} goes on working until the next rotation`;
}

/** What the schedule will be only the run tells. */
function mayBeRotated(olds: RotationState): string {
  const last = givingWay(olds);
  const revoked = last === undefined ? "" : `: key ${last} would be revoked`;
  return `the schedule of user ${olds.emailAddress} isn't known before the run, which may rotate its keys${revoked}`;
}

function warnOfLowerCounter(olds: RotationState, { generation }: RotationInputs): void {
  const { emailAddress, generation: last } = olds;
  if (generation === undefined || isUnknown(generation)) return;
  if (last === undefined || generation >= last) return;
  warn(
    `generation ${generation} of user ${emailAddress} is below ${last}, which its keys have reached: nothing is rotated before it is above`,
  );
}

/** A clock that was far ahead when the keys were rotated would keep them from ever being rotated again. */
function warnOfFuture({ emailAddress, rotatedAt }: RotationState, { every }: RotationInputs): void {
  if (
    every === undefined ||
    isUnknown(every) ||
    Date.parse(rotatedAt) < Date.now() + periodMs("1d")
  )
    return;
  warn(
    `the keys of user ${emailAddress} were rotated at ${rotatedAt}, which is yet to come by this machine's clock: every ${every} counts from then; if that date is wrong, rotate once by generation`,
  );
}

function withoutState(id: string): string {
  return `read rotating keys ${id}: the cluster does not store which key is the current one, so they can't be read by an id; read each key with AccessKey.get`;
}

function gone({ emailAddress }: RotationState): string {
  return `rotate the keys of user ${emailAddress}: there is no such user on the cluster; run: pulumi up --refresh`;
}
