import { z } from "zod";
import { PlainError } from "./pulumi";

const text = z.string().optional().catch(undefined);
const bag = z.looseObject({
  userId: text,
  accessKeyId: text,
  emailAddress: text,
  user: text,
  "ostor:endpoint": text,
});
const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: text,
  provider: text,
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

/** What a stack holds of a cluster. */
export interface StackState {
  userIds: string[];
  keyIds: string[];
  /** Addresses whose user, or whose key, was being created when a run was killed. */
  interrupted: string[];
}

const userType = "pulumi-nodejs:dynamic/ostor:User";
const keyType = "pulumi-nodejs:dynamic/ostor:AccessKey";

/**
 * Reads a `pulumi stack export`. What waits for its deletion still is the stack's; what is only read (`User.get`)
 * isn't. Resources of a provider with another endpoint are another cluster's.
 *
 * @throws PlainError when it is no export
 */
export function readStackState(json: unknown, endpoint: string): StackState {
  const parsed = exported.safeParse(json);
  if (!parsed.success) throw new PlainError("the exported state isn't one of a Pulumi stack");
  const { resources, pending_operations: pending } = parsed.data.deployment;
  const all = resources ?? [];
  const elsewhere = new Set(all.filter((each) => isElsewhere(each, endpoint)).map(referenceOf));
  const isOurs = (each: Resource) => !each.external && !elsewhere.has(each.provider ?? "");
  const ours = all.filter(isOurs);
  const creating = (pending ?? []).filter(({ type }) => type === "creating");
  return {
    userIds: texts(ours.filter(({ type }) => type === userType).map(userIdOf)),
    keyIds: texts(ours.map(({ outputs }) => outputs?.accessKeyId)),
    interrupted: texts(
      creating
        .map((each) => each.resource)
        .filter((each) => isOurs(each) && [userType, keyType].includes(each.type))
        .map(({ inputs }) => inputs?.emailAddress ?? inputs?.user),
    ),
  };
}

function isElsewhere({ type, inputs }: Resource, endpoint: string): boolean {
  const other = inputs?.["ostor:endpoint"];
  if (type !== "pulumi:providers:pulumi-nodejs" || other === undefined) return false;
  return URL.canParse(other) && new URL(other).origin !== endpoint;
}

/** How other resources name a provider resource. */
function referenceOf({ urn, id }: Resource): string {
  return `${urn}::${id ?? ""}`;
}

function userIdOf({ outputs }: Resource): string | undefined {
  return outputs?.userId;
}

function texts(values: (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined && value !== "") as string[];
}
