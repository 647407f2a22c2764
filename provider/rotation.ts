import type { ApiKeyPair, ApiUser } from "./api/schemas";
import { secretOf } from "./keyOwner";
import { generatePair, keyIds } from "./keys";
import { HalfMadeError, type Bag } from "./lifecycle";
import {
  givingWay,
  nextStep,
  scheduleOf,
  storedRotation,
  type RotationInputs,
  type RotationState,
} from "./rotationState";
import { revokePair } from "./revoke";
import type { Session } from "./session";

/**
 * Takes one step. The previous pair gives way first, for there are two slots; the current one is never touched, unless
 * its secret was never told: then nobody can have it, and everybody the previous one.
 *
 * @param user - the user as just read
 * @throws Error, ApiError, NetworkError when nothing was changed; HalfMadeError when the previous pair is revoked and
 * no new one could be generated: the next run goes on from there
 */
export async function takeStep(
  session: Session,
  user: ApiUser,
  stored: RotationState,
  news: RotationInputs,
): Promise<Bag> {
  const olds = asFound(stored, user);
  const step = nextStep(olds, news, Date.now());
  if (step === "rotate") return rotate(session, user, olds, news);
  const state = { ...withoutSchedule(olds), ...reached(olds, news) };
  if (step !== "generate") return finish(session, state);
  return finish(session, { ...state, ...inPlace(await generatePair(session, user)) });
}

async function rotate(
  session: Session,
  user: ApiUser,
  olds: RotationState,
  news: RotationInputs,
): Promise<Bag> {
  const last = givingWay(olds);
  const left = withoutPair(olds, last);
  if (last !== undefined && (await revokePair(session, user, last)) === "claimed") {
    throw new Error(stillDeclared(user, last));
  }
  const accessKeys = user.accessKeys.filter(({ accessKeyId }) => accessKeyId !== last);
  const now = { ...user, accessKeys };
  const pair = await generatePair(session, now).catch((error: unknown) => {
    throw last === undefined ? error : new HalfMadeError(user.userId, storedRotation(left), error);
  });
  return finish(session, {
    ...withoutSchedule(asPrevious(left)),
    ...scheduleOf(news),
    ...inPlace(pair),
  });
}

/** State without a pair that was revoked. */
function withoutPair(state: RotationState, id: string | undefined): RotationState {
  const { accessKeyId, secretAccessKey, ...previous } = state;
  if (id !== undefined && id === accessKeyId) return previous;
  const { previousAccessKeyId: _, previousSecretAccessKey: __, ...current } = state;
  return current;
}

/** State in which the current pair, if there is one, has become the previous one. */
function asPrevious({ accessKeyId, secretAccessKey, ...rest }: RotationState): RotationState {
  return {
    ...rest,
    ...(accessKeyId !== undefined && { previousAccessKeyId: accessKeyId }),
    ...(secretAccessKey !== undefined && { previousSecretAccessKey: secretAccessKey }),
  };
}

function stillDeclared({ emailAddress }: ApiUser, id: string): string {
  return `rotate the keys of user ${emailAddress}: key ${id} would be revoked, but another resource of this program keeps or adopts it too; nothing was changed; remove that resource first`;
}

/** What is to be stored; a secret that wasn't told is read. */
export async function finish(session: Session, state: RotationState): Promise<Bag> {
  const { accessKeyId, secretAccessKey, emailAddress, userId } = state;
  if (accessKeyId === undefined || secretAccessKey !== undefined) return storedRotation(state);
  const told = await secretOf(session, emailAddress, accessKeyId).catch((error: unknown) => {
    throw new HalfMadeError(userId, storedRotation(state), error);
  });
  return storedRotation({ ...state, secretAccessKey: told });
}

/** A pair as the current one, from now on. */
export function inPlace({ accessKeyId, secretAccessKey }: ApiKeyPair) {
  const rotatedAt = new Date().toISOString();
  return { accessKeyId, ...(secretAccessKey !== undefined && { secretAccessKey }), rotatedAt };
}

/** State without the pairs that are gone; secrets as the service tells them now, or as they were. */
export function asFound(state: RotationState, { accessKeys }: ApiUser): RotationState {
  const { accessKeyId, secretAccessKey, previousAccessKeyId, previousSecretAccessKey, ...rest } =
    state;
  const pairOf = (id: string | undefined) => accessKeys.find((pair) => pair.accessKeyId === id);
  const [current, previous] = [pairOf(accessKeyId), pairOf(previousAccessKeyId)];
  const secret = current?.secretAccessKey ?? secretAccessKey;
  const previousSecret = previous?.secretAccessKey ?? previousSecretAccessKey;
  return {
    ...rest,
    ...(current && { accessKeyId: current.accessKeyId }),
    ...(current && secret !== undefined && { secretAccessKey: secret }),
    ...(previous && { previousAccessKeyId: previous.accessKeyId }),
    ...(previous && previousSecret !== undefined && { previousSecretAccessKey: previousSecret }),
  };
}

/**
 * Refuses a user who has other pairs: a rotation takes both slots.
 *
 * @param adopt - the pair that is to be the current one
 */
export function refuseOthers({ claims }: Session, user: ApiUser, adopt: string | undefined): void {
  const others = user.accessKeys.filter(({ accessKeyId }) => accessKeyId !== adopt);
  if (others.length === 0) return;
  const told = `create rotating keys of user ${user.emailAddress}: it has ${keyIds(user)}, and a rotation takes both slots`;
  const declared = others.filter(({ accessKeyId }) => claims.isTaken(accessKeyId));
  if (declared.length > 0) {
    const ids = declared.map(({ accessKeyId }) => accessKeyId).join(" and ");
    throw new Error(
      `${told}; another resource of this program declares ${ids}; remove one of them`,
    );
  }
  if (user.accessKeys.length === 1) {
    throw new Error(
      `${told}, so a user of this stack needs createAccessKey: false; adopt: "${others[0]?.accessKeyId ?? ""}" makes it the current one, if it is in no other stack: npx pulumi-ostor orphans tells`,
    );
  }
  // Which of them the resource held that this one replaces, a creation isn't told.
  throw new Error(
    `${told}; nothing was revoked; if they are rotating keys of this stack: under a new name give aliases: [{ name: "<old name>" }], and instead of --replace count up generation; else npx pulumi-ostor orphans tells which is in no stack of the project: free one slot, and adopt the other`,
  );
}

function withoutSchedule({ every: _, generation: __, ...rest }: RotationState): RotationState {
  return rest;
}

/** The schedule that is to be stored. A counter that was turned back isn't: it would rotate when turned up again. */
function reached(olds: RotationState, { every, generation }: RotationInputs) {
  if (generation === undefined) return scheduleOf({ ...(every === undefined ? {} : { every }) });
  return { generation: Math.max(generation, olds.generation ?? generation) };
}
