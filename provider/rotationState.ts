import { z } from "zod";
import { readStored } from "./check";
import type { DeclaredOwner } from "./keyOwner";
import type { Bag } from "./lifecycle";
import { secret } from "./secret";
import { isUnknown } from "./unknown";

/** Rotating keys as the program declares them: one of `every` and `generation` is given. */
export interface RotationInputs extends DeclaredOwner {
  every?: string;
  generation?: number;
  adopt?: string;
}

/** Rotating keys as stored. Without a current pair somebody revoked it, or a rotation failed halfway. */
export interface RotationState {
  emailAddress: string;
  userId: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  previousAccessKeyId?: string;
  previousSecretAccessKey?: string;
  /** When the current pair was made, as an ISO date. */
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
 * @throws Error that names the property that can't be read
 */
export function rotationState(bag: Bag): RotationState {
  const known = readStored("read rotating keys", shape, bag);
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => value !== undefined),
  ) as unknown as RotationState;
}

/** What the engine is to store: secrets marked, absent what there is none of. */
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

/** Ids of the pairs in state. */
export function pairIds({ accessKeyId, previousAccessKeyId }: RotationState): string[] {
  return [accessKeyId, previousAccessKeyId].filter((id) => id !== undefined);
}

/**
 * Which pair a rotation revokes: the previous one. But a current pair that was generated beside it, and whose secret the
 * service never told, is in nobody's hands, and the previous one is what everybody has.
 */
export function givingWay(state: RotationState): string | undefined {
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
  /** The period has passed, or the counter went up: the previous pair gives way. */
  | "rotate"
  /** There is no current pair: one is generated, and the previous one stays. */
  | "generate"
  /** A current pair without a secret, which somebody may tell by now. */
  | "tell"
  /** The schedule alone changed. */
  | "store";

/**
 * What is to be done, one step at the most however many periods have passed.
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
  if (olds.secretAccessKey === undefined) return "tell";
  // A counter that was turned back rotates nothing, and is not stored.
  const isSame = every === olds.every && (generation ?? -1) <= (olds.generation ?? -1);
  return isSame ? undefined : "store";
}
