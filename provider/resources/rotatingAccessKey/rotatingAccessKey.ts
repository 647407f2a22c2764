import { z } from "zod";
import type { ApiUser } from "../../api/schemas";
import type { Cluster } from "../../cluster/cluster";
import { note, warn } from "../../text/print";
import { isUnknown } from "../../settings/unknown";
import { apiId, checkInputs, emailAddress } from "../check";
import { hasKey, keyToAdopt, ownerChanges, refuseReplacement, withOwner } from "../keyOwner";
import { changed, type Lifecycle } from "../lifecycle";
import { userGone, userReplaced } from "../messages";
import * as messages from "./messages";
import { asCurrent, asFound, takeStep, withSecret } from "./rotate";
import {
  inputsOf,
  keyIdsOf,
  keyToRevoke,
  nextStep,
  periodMs,
  rotationState,
  scheduleOf,
  storedRotation,
  type RotationInputs,
  type RotationState,
} from "./state";

const rotationInputs = {
  user: emailAddress,
  // The same address again, for programs in which it is secret.
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
 * The life cycle of a user's two access keys: applications use the current one, and the previous one still works. Its id is
 * the user's. It is one resource for both, so that one state says which key is current: a rotation that failed halfway must
 * not be followed by one that revokes the key in use.
 */
export const rotatingAccessKeyLifecycle: Lifecycle = {
  check(news) {
    const { inputs, failures } = checkInputs(rotationInputs, news);
    const given = [inputs["every"], inputs["generation"]].filter((each) => each !== undefined);
    if (given.length === 1 || failures.length > 0) return { inputs, failures };
    return { inputs, failures: [{ property: "", reason: messages.everyOrGeneration }] };
  },

  async diff(cluster, _id, oldBag, newBag) {
    const olds = rotationState(oldBag);
    const news = newBag as unknown as RotationInputs;
    const ids = keyIdsOf(olds);
    const replaces = changed("replace", ownerChanges(olds, news));
    if (replaces.length > 0) {
      await refuseReplacement(cluster, olds, ids, news);
      return { changes: replaces, deleteBeforeReplace: false, ids };
    }
    const step = nextStep(olds, news, Date.now());
    announce(olds, news, step === "rotate");
    const revoked = step === "rotate" ? keyToRevoke(olds) : undefined;
    const changes = changed("update", { [stepProperty(news)]: step !== undefined });
    return { changes, ids: ids.filter((id) => id !== revoked) };
  },

  create(cluster, inputBag) {
    const inputs = inputBag as unknown as RotationInputs;
    return withOwner(cluster, inputs, async (user) => {
      refuseOtherKeys(cluster, user, inputs.adopt);
      const adopted = keyToAdopt(cluster, user, inputs.adopt);
      const key = adopted ?? (await cluster.generateKey(user));
      const { userId } = user;
      const owner = { emailAddress: inputs.user, userId, ...scheduleOf(inputs) };
      return { id: userId, outs: await withSecret(cluster, { ...owner, ...asCurrent(key) }) };
    });
  },

  async read(cluster, id, stateBag) {
    if (stateBag["rotatedAt"] === undefined) throw messages.notReadableById(id);
    const known = rotationState(stateBag);
    const user = await cluster.findUser(known.emailAddress, (each) => hasAllKeys(each, known));
    if (user?.userId !== known.userId) return {};
    const state = asFound(known, user);
    return { id, props: storedRotation(state), inputs: inputsOf(state) };
  },

  async update(cluster, _id, oldBag, newBag) {
    const olds = rotationState(oldBag);
    const news = newBag as unknown as RotationInputs;
    const { emailAddress: address, userId } = olds;
    const isExpected = (each: ApiUser) => hasAllKeys(each, olds);
    const outs = await cluster.withUser(address, isExpected, (user) => {
      if (!user) throw userGone(`rotate the keys of user ${address}`);
      if (user.userId !== userId) throw userReplaced(address, userId, user);
      return takeStep(cluster, user, olds, news);
    });
    return { outs };
  },

  async delete(cluster, _id, stateBag) {
    const state = rotationState(stateBag);
    const isExpected = (each: ApiUser) => hasAllKeys(each, state);
    await cluster.withUser(state.emailAddress, isExpected, async (user) => {
      if (user?.userId !== state.userId) return;
      for (const id of keyIdsOf(state)) {
        if (hasKey(user, id)) await cluster.revokeKey(user, id);
      }
    });
  },
};

function hasAllKeys(user: ApiUser, state: RotationState): boolean {
  return keyIdsOf(state).every((id) => hasKey(user, id));
}

/** The input that a step is due to. */
function stepProperty({ every }: RotationInputs): "every" | "generation" {
  return every === undefined ? "generation" : "every";
}

/** A rotation takes both slots of a user. */
function refuseOtherKeys(
  { claims, adoption }: Cluster,
  user: ApiUser,
  adopt: string | undefined,
): void {
  const others = user.accessKeys.map((key) => key.accessKeyId).filter((id) => id !== adopt);
  if (others.length === 0) return;
  throw messages.slotsTaken(
    adoption,
    user,
    others,
    others.filter((id) => claims.isTaken(id)),
  );
}

/** Prints, at preview, what a rotation will revoke, and what keeps it from happening. */
function announce(olds: RotationState, news: RotationInputs, isDue: boolean): void {
  const { every, generation } = news;
  if (isDue) note(messages.rotationDue(olds));
  else if (isUnknown(generation) || isUnknown(every)) note(messages.rotationPossible(olds));
  if (isUnknown(generation) || isUnknown(every)) return;
  if (generation !== undefined && olds.generation !== undefined && generation < olds.generation) {
    warn(messages.generationLower(olds, generation));
  }
  // A clock that was far ahead at the last rotation would prevent the next one.
  if (every !== undefined && Date.parse(olds.rotatedAt) >= Date.now() + periodMs("1d")) {
    warn(messages.rotatedInFuture(olds, every));
  }
}
