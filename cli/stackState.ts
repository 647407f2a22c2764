import { z } from "zod";
import { PlainError } from "./pulumi";

const bag = z.record(z.string(), z.unknown()).nullish();
const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  external: z.boolean().default(false),
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

type Resource = z.infer<typeof resource>;

/** A resource of a stack that holds a user. */
export interface Holder {
  stack: string;
  name: string;
}

/** What a stack holds. Ids of users and pairs are random: which cluster they are of needn't be known. */
export interface StackState {
  stack: string;
  /** The resources that hold users, by the user's id. */
  users: Map<string, Holder>;
  keyIds: string[];
  /** Ids of the users whose keys the stack holds, as far as it tells. */
  keyOwners: string[];
  /** Addresses, in lower case, of users whose ids the stack keeps secret or doesn't know: any pair may be its. */
  hidden: string[];
  /** Ids of the users of whose rotating keys the stack keeps the ids secret: again any pair may be its. */
  hiddenIds: string[];
  /** Addresses, in lower case, whose user or key was being made when the state was stored. */
  interrupted: string[];
  /** Whether something was being made for an address that the stack keeps secret. */
  hidesInterrupted: boolean;
  /** Names of the resources, of those that are only read too: they are URNs as well. */
  names: string[];
}

const userType = "pulumi-nodejs:dynamic/ostor:User";
const keyType = "pulumi-nodejs:dynamic/ostor:AccessKey";
const rotatingType = "pulumi-nodejs:dynamic/ostor:RotatingAccessKey";
const keyTypes = [keyType, rotatingType];

/**
 * Reads a `pulumi stack export`. What waits for its deletion still is the stack's; what is only read (`User.get`)
 * isn't.
 *
 * @throws PlainError when it is no export
 */
export function readStackState(stack: string, json: unknown): StackState {
  const parsed = exported.safeParse(json);
  if (!parsed.success) throw new PlainError("the exported state isn't one of a Pulumi stack");
  const { resources, pending_operations: pending } = parsed.data.deployment;
  const ours = (resources ?? []).filter(({ external }) => !external);
  const users = ours.filter(({ type }) => type === userType);
  const keys = ours.filter(({ type }) => keyTypes.includes(type));
  const making = (pending ?? []).filter(isMaking).map((each) => each.resource);
  return {
    stack,
    users: new Map(
      users.map((each) => [textIn(each.outputs, "userId") ?? "", { stack, name: nameOf(each) }]),
    ),
    keyIds: texts([...users, ...keys].flatMap((each) => [keyIdOf(each), previousIdOf(each)])),
    keyOwners: texts(keys.map(({ outputs }) => textIn(outputs, "userId"))),
    hidden: texts(users.filter(isHidden).map(({ id }) => id?.toLowerCase())),
    hiddenIds: texts(keys.filter(hidesPairs).map(({ id }) => id)),
    interrupted: texts(making.map(addressOf)),
    hidesInterrupted: making.some((each) => addressOf(each) === undefined),
    names: (resources ?? []).map(nameOf),
  };
}

function nameOf({ urn }: Resource): string {
  return urn.split("::").at(-1) ?? "";
}

/** An update of a user may generate its own pair, one of rotating keys a new one. */
function isMaking({ type, resource }: z.infer<typeof operation>): boolean {
  const isCreating = type === "creating" && [userType, ...keyTypes].includes(resource.type);
  return isCreating || (type === "updating" && [userType, rotatingType].includes(resource.type));
}

/** The id of an AccessKey is its pair's, and never secret. */
function keyIdOf({ type, id, outputs }: Resource): string | undefined {
  return textIn(outputs, "accessKeyId") ?? (type === keyType ? id : undefined);
}

function previousIdOf({ outputs }: Resource): string | undefined {
  return textIn(outputs, "previousAccessKeyId");
}

/** The id of a User is its address. */
function addressOf({ type, id, inputs }: Resource): string | undefined {
  const named = textIn(inputs, "emailAddress") ?? textIn(inputs, "user");
  return (named ?? (type === userType ? id : undefined))?.toLowerCase();
}

/** A secret stands in an export as an object that holds its cipher. */
function isHidden({ outputs }: Resource): boolean {
  const pair = outputs?.["accessKeyId"] ?? "";
  return (textIn(outputs, "userId") ?? "") === "" || typeof pair !== "string";
}

/** The id of a RotatingAccessKey is its user's, and never secret. */
function hidesPairs({ type, outputs }: Resource): boolean {
  const pairs = [outputs?.["accessKeyId"], outputs?.["previousAccessKeyId"]];
  return type === rotatingType && pairs.some((pair) => typeof (pair ?? "") !== "string");
}

function textIn(values: z.infer<typeof bag>, name: string): string | undefined {
  const value = values?.[name];
  return typeof value === "string" ? value : undefined;
}

function texts(values: (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined && value !== "") as string[];
}
