import { kindOf, nameOf, type Subject } from "../subject";
import { resourceOf, type ResourceName } from "../../resourceTypes";
import { readExport, type Resource } from "../../stackState";
import { isSecretIn, textIn, unwrapped } from "../../storedValue";
import { reasons } from "./messages";

/** What a state contains of one user, key or bucket, without secrets. */
export interface Recorded {
  subject: Subject;
  resource: ResourceName;
  /** To read the user with. It may be secret, so it is never printed. */
  address?: string | undefined;
  userId?: string | undefined;
  accessKeyId?: string | undefined;
  previousAccessKeyId?: string | undefined;
  state?: string | undefined;
  createAccessKey: boolean;
  flags?: readonly string[] | undefined;
  /** Of a bucket its owner, of a user the account that it belongs to. */
  ownerId?: string | undefined;
  creationDate?: string | undefined;
  /** Paths of properties whose changes the program ignores. */
  ignoreChanges: readonly string[];
  /** The endpoint of its provider, if the state contains it. */
  endpoint?: string | undefined;
}

/** Something that was not compared, and why. */
export interface NotChecked {
  name: string;
  reason: string;
}

/** The state of one stack, as far as it is compared. */
export interface RecordedStack {
  /** As the command line names it, or as the state does; empty for a stack without resources. */
  stack: string;
  project: string;
  recorded: Recorded[];
  notChecked: NotChecked[];
  /** How many users it contains. */
  tenants: number;
  /** How many operations were in progress, or were interrupted, when the state was stored. */
  pending: number;
}

/** Properties that are compared. If one of them is secret, the resource is not checked. */
const compared: Record<ResourceName, readonly string[]> = {
  User: ["userId", "accessKeyId", "state", "createAccessKey", "flags", "ownerId"],
  AccessKey: ["userId"],
  RotatingAccessKey: ["userId", "accessKeyId", "previousAccessKeyId"],
  Bucket: ["name", "ownerId", "creationDate"],
};

/**
 * Reads a `pulumi stack export`. A resource that is only read (`User.get`), or whose deletion is pending, is left out.
 *
 * @param named - the name of the stack on the command line; empty for the selected stack
 * @throws CodedError if it is not an export
 */
export function readRecorded(named: string, json: unknown): RecordedStack {
  const { resources, pending } = readExport(named, json);
  const [, stack = "", project = ""] =
    /^urn:pulumi:(.*?)::(.*?)::/.exec(resources[0]?.urn ?? "") ?? [];
  const providers = new Map(resources.flatMap(providerOf));
  const ours = resources.filter((each) => resourceOf(each.type) && !each.external && !each.delete);
  const recorded: Recorded[] = [];
  const notChecked: NotChecked[] = [];
  for (const each of ours) {
    const provider = providers.get(each.provider ?? "");
    const reason = provider?.isSecret ? reasons.secretEndpoint : secretReason(each);
    if (reason !== undefined) notChecked.push({ name: nameOf(each.urn), reason });
    else recorded.push(recordedOf(each, provider?.endpoint));
  }
  const tenants = ours.filter(({ type }) => resourceOf(type) === "User").length;
  const name = named === "" ? stack : named;
  return { stack: name, project, recorded, notChecked, tenants, pending: pending.length };
}

function secretReason({ type, inputs, outputs, pendingReplacement }: Resource): string | undefined {
  if (pendingReplacement) return reasons.beingReplaced;
  const names = compared[resourceOf(type) ?? "User"];
  const secret = names.find((name) => isSecretIn(outputs, name) || isSecretIn(inputs, name));
  return secret === undefined ? undefined : reasons.secretProperty(secret);
}

function recordedOf(each: Resource, endpoint: string | undefined): Recorded {
  const { inputs, outputs } = each;
  const resource = resourceOf(each.type) ?? "User";
  const text = (name: string) => textIn(outputs, name) ?? textIn(inputs, name);
  const isKey = resource === "AccessKey";
  const accessKeyId = textIn(outputs, "accessKeyId") ?? (isKey ? each.id : undefined);
  // The id of a User is its address, of rotating keys the id of their user, of a Bucket its name.
  const isUser = resource === "User";
  const address = text("emailAddress") ?? text("user") ?? (isUser ? each.id : undefined);
  const name = text("name") ?? (resource === "Bucket" ? each.id : undefined);
  const known = { user: plainAddress(each), accessKeyId, name };
  return {
    subject: subjectOf(each, resource, known),
    ...{ resource, address, accessKeyId, endpoint },
    userId: nonEmpty(textIn(outputs, "userId")) ?? (isRotation(resource) ? each.id : undefined),
    previousAccessKeyId: textIn(outputs, "previousAccessKeyId"),
    // The input is what the program declared; a state that the plugin imported may have only the output.
    state: textIn(inputs, "state") ?? textIn(outputs, "state"),
    createAccessKey: unwrapped(outputs?.["createAccessKey"]) === true,
    flags: textsIn(unwrapped(outputs?.["flags"])),
    ownerId: textIn(outputs, "ownerId"),
    creationDate: textIn(outputs, "creationDate"),
    ignoreChanges: each.ignoreChanges ?? [],
  };
}

/** An address that is secret in one place is printed in none. */
function plainAddress({ inputs, outputs }: Resource): string | undefined {
  const bags = [outputs, inputs];
  const names = ["emailAddress", "user"];
  if (bags.some((values) => names.some((name) => isSecretIn(values, name)))) return undefined;
  return bags.flatMap((values) => names.map((name) => textIn(values, name))).find(Boolean);
}

function subjectOf(
  { urn }: Resource,
  resource: ResourceName,
  { user, accessKeyId, name }: Record<"user" | "accessKeyId" | "name", string | undefined>,
): Subject {
  const kind = kindOf(resource);
  const id = kind === "key" ? accessKeyId : kind === "bucket" ? name : undefined;
  const shown = kind === "bucket" ? undefined : user;
  return { kind, name: nameOf(urn), urn, ...(shown && { user: shown }), ...(id && { id }) };
}

/** Which cluster a provider is configured for, as far as the state contains it. */
interface ProviderEndpoint {
  endpoint?: string;
  isSecret: boolean;
}

/** The endpoint of a provider, by the reference that resources have to it. */
function providerOf({ type, urn, id = "", inputs }: Resource): [string, ProviderEndpoint][] {
  if (!type.startsWith("pulumi:providers:")) return [];
  const names = ["ostor:endpoint", "endpoint"];
  const endpoint = names.map((name) => textIn(inputs, name)).find((each) => each !== undefined);
  const isSecret = endpoint === undefined && names.some((name) => isSecretIn(inputs, name));
  const isUrl = endpoint !== undefined && URL.canParse(endpoint);
  return [[`${urn}::${id}`, { isSecret, ...(isUrl && { endpoint: new URL(endpoint).origin }) }]];
}

function isRotation(resource: ResourceName): boolean {
  return resource === "RotatingAccessKey";
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function textsIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map(unwrapped).filter((each) => typeof each === "string");
}
