import { z } from "zod";
import { readStored } from "../check";
import type { DeclaredOwner } from "../keyOwner";
import type { Bag } from "../lifecycle";
import { secret } from "../secret";
import { isUnknown } from "../../settings/unknown";

/** Rotating keys as the program declares them: one of `every` and `generation` is given. */
export interface RotationInputs extends DeclaredOwner {
  every?: string;
  generation?: number;
}

/** Rotating keys as stored. The current key is absent if someone revoked it, or a rotation failed halfway. */
export interface RotationState {
  emailAddress: string;
  userId: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  previousAccessKeyId?: string;
  previousSecretAccessKey?: string;
  /** When the current key was generated: ISO 8601. */
  rotatedAt: string;
  every?: string;
  generation?: number;
}

const shape = z.object({
  emailAddress: z.string().default(""),
  userId: z.string().default(""),
  accessKeyId: z.string().optional(),
  secretAccessKey: z.string().optional(),
  previousAccessKeyId: z.string().optional(),
  previousSecretAccessKey: z.string().optional(),
  rotatedAt: z.iso.datetime("must be a date"),
  every: z.string().optional(),
  generation: z.number().optional(),
});

/**
 * Reads what an engine stored, by any release.
 *
 * @throws CodedError that names the property that cannot be read
 */
export function rotationState(bag: Bag): RotationState {
  const known = readStored("read rotating keys", shape, bag);
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => value !== undefined),
  ) as unknown as RotationState;
}

/** What the engine stores: secrets marked, nothing undefined. */
export function storedRotation(state: RotationState): Bag {
  const marked = Object.entries(state).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined) return [];
    return [[name, typeof value === "string" && /secret/i.test(name) ? secret(value) : value]];
  });
  const hasPrevious = state.previousAccessKeyId !== undefined;
  return { ...(Object.fromEntries(marked) as Bag), hasPrevious };
}

/** The schedule, of which exactly one is declared. */
export function scheduleOf({ every, generation }: Pick<RotationInputs, "every" | "generation">) {
  return {
    ...(every === undefined ? {} : { every }),
    ...(generation === undefined ? {} : { generation }),
  };
}

/** Inputs as the cluster shows them, for the engine to compare with the program's. */
export function inputsOf(state: RotationState): Bag {
  return { user: state.emailAddress, userId: state.userId, ...scheduleOf(state) };
}

/** Ids of the access keys in state. */
export function keyIdsOf({ accessKeyId, previousAccessKeyId }: RotationState): string[] {
  return [accessKeyId, previousAccessKeyId].filter((id) => id !== undefined);
}

/**
 * The access key that a rotation revokes: the previous one. But if the service never returned the secret of the current key,
 * nobody has that one, and everyone uses the previous one.
 */
export function keyToRevoke(state: RotationState): string | undefined {
  const { accessKeyId, secretAccessKey, previousAccessKeyId } = state;
  if (previousAccessKeyId === undefined) return undefined;
  return secretAccessKey === undefined ? accessKeyId : previousAccessKeyId;
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A period such as `30d`, in milliseconds. */
export function periodMs(every: string): number {
  const unit = every.at(-1) as keyof typeof unitMs;
  return Number(every.slice(0, -1)) * unitMs[unit];
}

/** What a rotation does next. */
export type Step =
  /** The period has passed, or the counter increased: the previous key is revoked. */
  | "rotate"
  /** There is no current key: one is generated, and the previous one stays. */
  | "generate"
  /** The secret of the current key is missing; the service may return it by now. */
  | "readSecret"
  /** Only the schedule changed. */
  | "store";

/**
 * The next step: one at most, however many periods have passed.
 *
 * @param now - milliseconds since 1970
 */
export function nextStep(olds: RotationState, news: RotationInputs, now: number): Step | undefined {
  const { every, generation } = news;
  if (olds.accessKeyId === undefined) return "generate";
  if (isUnknown(every) || isUnknown(generation)) return "store";
  const isDue = every !== undefined && now >= Date.parse(olds.rotatedAt) + periodMs(every);
  const isCounted =
    generation !== undefined && olds.generation !== undefined && generation > olds.generation;
  if (isDue || isCounted) return "rotate";
  if (olds.secretAccessKey === undefined) return "readSecret";
  // A counter that was turned back rotates nothing, and is not stored.
  const isSame = every === olds.every && (generation ?? -1) <= (olds.generation ?? -1);
  return isSame ? undefined : "store";
}
