import { z } from "zod";
import { exportOf, unexpectedOutput } from "./messages";
import { familyOf, resourceOf, type Family } from "./resourceTypes";
import { isSecretIn, textIn } from "./storedValue";

const bag = z.record(z.string(), z.unknown()).nullish();
const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  external: z.boolean().default(false),
  delete: z.boolean().default(false),
  pendingReplacement: z.boolean().default(false),
  provider: z.string().optional(),
  ignoreChanges: z.array(z.string()).nullish(),
  inputs: bag,
  outputs: bag,
});
const operation = z.looseObject({ type: z.string(), resource });
const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(operation).nullish(),
  }),
});

/** A resource of an exported state. */
export type Resource = z.infer<typeof resource>;

/** What an exported state contains. */
export interface ExportedState {
  resources: Resource[];
  /** What a run was doing when the state was stored. */
  pending: z.infer<typeof operation>[];
}

/** The resource of a user in a stack. */
export interface UserResource {
  stack: string;
  name: string;
}

/** What a stack contains. Ids of users and keys are random, so the cluster that they belong to does not matter. */
export interface StackState {
  stack: string;
  /** The resources of users, by the user's id. */
  users: Map<string, UserResource>;
  keyIds: string[];
  /** Ids of the users of these keys, as far as the state contains them. */
  keyOwners: string[];
  /** Addresses, in lower case, of users with ids that are secret or unknown: any of their keys may be in the stack. */
  secretUsers: string[];
  /** Ids of users with rotating keys whose ids are secret: any of their keys may be in the stack. */
  secretKeyOwners: string[];
  /** Addresses, in lower case, whose user or key was being created when the state was stored. */
  beingCreated: string[];
  /** Whether something was being created for an address that is secret. */
  isSecretBeingCreated: boolean;
  /** Names of all resources, including those that are only read. */
  names: string[];
  /** Who manages its users and keys. */
  families: Family[];
}

const isUser = ({ type }: Resource) => resourceOf(type) === "User";
const isKey = ({ type }: Resource) => resourceOf(type) === "AccessKey";
const isRotation = ({ type }: Resource) => resourceOf(type) === "RotatingAccessKey";

/**
 * Reads a `pulumi stack export`.
 *
 * @param stack - its name; empty for the selected stack
 * @throws CodedError if it is not an export
 */
export function readExport(stack: string, json: unknown): ExportedState {
  const parsed = exported.safeParse(json);
  if (!parsed.success) throw unexpectedOutput(exportOf(stack), "the state of a stack");
  const { resources, pending_operations: pending } = parsed.data.deployment;
  return { resources: resources ?? [], pending: pending ?? [] };
}

/**
 * Reads a `pulumi stack export`. A resource whose deletion is pending is in the stack; one that is only read
 * (`User.get`) is not.
 *
 * @throws CodedError if it is not an export
 */
export function readStackState(stack: string, json: unknown): StackState {
  const { resources, pending } = readExport(stack, json);
  const ours = resources.filter(({ external }) => !external);
  const users = ours.filter(isUser);
  const keys = ours.filter((each) => isKey(each) || isRotation(each));
  const creating = pending.filter(isCreating).map((each) => each.resource);
  return {
    stack,
    users: new Map(
      users.map((each) => [textIn(each.outputs, "userId") ?? "", { stack, name: nameOf(each) }]),
    ),
    keyIds: texts([...users, ...keys].flatMap((each) => [keyIdOf(each), previousIdOf(each)])),
    keyOwners: texts(keys.map(({ outputs }) => textIn(outputs, "userId"))),
    secretUsers: texts(users.filter(hasSecretIds).map(({ id }) => id?.toLowerCase())),
    secretKeyOwners: texts(keys.filter(hasSecretKeyIds).map(({ id }) => id)),
    beingCreated: texts(creating.map(addressOf)),
    isSecretBeingCreated: creating.some((each) => addressOf(each) === undefined),
    names: resources.map(nameOf),
    families: [...users, ...keys].map(({ type }) => familyOf(type)),
  };
}

function nameOf({ urn }: Resource): string {
  return urn.split("::").at(-1) ?? "";
}

/** An update of a user may generate its own key, an update of rotating keys a new one. */
function isCreating({ type, resource }: z.infer<typeof operation>): boolean {
  if (isUser(resource) || isRotation(resource)) return ["creating", "updating"].includes(type);
  return type === "creating" && isKey(resource);
}

/** The id of an AccessKey is the id of its key, and never secret. */
function keyIdOf(each: Resource): string | undefined {
  return textIn(each.outputs, "accessKeyId") ?? (isKey(each) ? each.id : undefined);
}

function previousIdOf({ outputs }: Resource): string | undefined {
  return textIn(outputs, "previousAccessKeyId");
}

/** The id of a User is its address. */
function addressOf(each: Resource): string | undefined {
  const named = textIn(each.inputs, "emailAddress") ?? textIn(each.inputs, "user");
  return (named ?? (isUser(each) ? each.id : undefined))?.toLowerCase();
}

function hasSecretIds({ outputs }: Resource): boolean {
  return (textIn(outputs, "userId") ?? "") === "" || isSecretIn(outputs, "accessKeyId");
}

/** The id of a RotatingAccessKey is the id of its user, and never secret. */
function hasSecretKeyIds(each: Resource): boolean {
  const ids = ["accessKeyId", "previousAccessKeyId"];
  return isRotation(each) && ids.some((id) => isSecretIn(each.outputs, id));
}

function texts(values: (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined && value !== "") as string[];
}
