import { isUnknown } from "../../provider/settings/unknown";
import { resourceOf, type ResourceName } from "../resourceTypes";
import type { LoggedState, Step } from "./eventLog";

/** Which user, key or bucket a difference is of. */
export interface Subject {
  kind: "user" | "key" | "bucket";
  /** The resource's name in the program. */
  name: string;
  urn: string;
  /** Address of the user or of the key's user; absent for a bucket and if it is not known. */
  user?: string;
  /** Of a key its id, of a bucket its name, if they are known. */
  id?: string;
}

const kinds: Record<ResourceName, Subject["kind"]> = {
  User: "user",
  AccessKey: "key",
  RotatingAccessKey: "key",
  Bucket: "bucket",
};

/** What kind of object a resource is. */
export function kindOf(resource: ResourceName): Subject["kind"] {
  return kinds[resource];
}

/** Whether a step is of a user, a key or a bucket. */
export function isOurs({ type }: Step): boolean {
  return resourceOf(type) !== undefined;
}

/** Whether a step is of rotating keys, which change without a change of the program. */
export function isRotation({ type }: Step): boolean {
  return resourceOf(type) === "RotatingAccessKey";
}

/** The resource of a step. If it is not created yet, only what the program declares is known. */
export function subjectOf({ type, urn, old, new: next }: Step): Subject {
  const kind = kindOf(resourceOf(type) ?? "User");
  const known = {
    ...plainTexts(next?.inputs),
    ...plainTexts(old?.inputs),
    ...plainTexts(old?.outputs),
  };
  const shown = (name: string) => (known[name] === hidden ? undefined : known[name]);
  const user = shown("emailAddress") ?? (kind === "key" ? shown("user") : undefined);
  const id = kind === "key" ? shown("accessKeyId") : kind === "bucket" ? shown("name") : undefined;
  return { kind, name: nameOf(urn), urn, ...(user && { user }), ...(id && { id }) };
}

/** What the engine writes in place of a secret. */
const hidden = "[secret]";

function plainTexts(values: LoggedState["inputs"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && !isUnknown(entry[1]),
    ),
  );
}

/** The resource's name in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
