import { z } from "zod";
import { PlainError } from "./pulumi";

const text = z.string().optional().catch(undefined);
const bag = z.looseObject({
  userId: text,
  accessKeyId: text,
  emailAddress: text,
  user: text,
});
const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  external: z.boolean().default(false),
  inputs: bag.optional(),
  outputs: bag.optional(),
});
const operation = z.looseObject({ type: z.string(), resource });
const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(operation).nullish(),
  }),
});

type Resource = z.infer<typeof resource>;

/** What a stack holds. Ids of users and pairs are random: which cluster they are of needn't be known. */
export interface StackState {
  userIds: string[];
  keyIds: string[];
  /** Addresses, in lower case, whose user or key was being created when the state was stored. */
  interrupted: string[];
  /** Names of the resources. */
  names: string[];
}

const userType = "pulumi-nodejs:dynamic/ostor:User";
const keyType = "pulumi-nodejs:dynamic/ostor:AccessKey";

/**
 * Reads a `pulumi stack export`. What waits for its deletion still is the stack's; what is only read (`User.get`)
 * isn't.
 *
 * @throws PlainError when it is no export
 */
export function readStackState(json: unknown): StackState {
  const parsed = exported.safeParse(json);
  if (!parsed.success) throw new PlainError("the exported state isn't one of a Pulumi stack");
  const { resources, pending_operations: pending } = parsed.data.deployment;
  const ours = (resources ?? []).filter(({ external }) => !external);
  const creating = (pending ?? []).filter(({ type }) => type === "creating");
  return {
    userIds: texts(ours.filter(({ type }) => type === userType).map(userIdOf)),
    keyIds: texts(ours.map(({ outputs }) => outputs?.accessKeyId)),
    interrupted: texts(
      creating
        .map((each) => each.resource)
        .filter(({ type }) => [userType, keyType].includes(type))
        .map(({ inputs }) => (inputs?.emailAddress ?? inputs?.user)?.toLowerCase()),
    ),
    names: ours.map(({ urn }) => urn.split("::").at(-1) ?? ""),
  };
}

function userIdOf({ outputs }: Resource): string | undefined {
  return outputs?.userId;
}

function texts(values: (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined && value !== "") as string[];
}
