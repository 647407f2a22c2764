import { isUnknown } from "../../provider/settings/unknown";
import type { LoggedState, Step } from "./eventLog";

/** Which user, key or bucket a difference is of. */
export interface Subject {
  kind: "user" | "key" | "bucket";
  /** The resource's name in the program. */
  name: string;
  urn: string;
  /** Address of the user, or of the user whose key it is; of a bucket, or where it isn't known, absent. */
  user?: string;
  /** Of a key its id, of a bucket its name, where they are known. */
  id?: string;
}

const rotationType = "pulumi-nodejs:dynamic/ostor:RotatingAccessKey";
const kinds: Record<string, Subject["kind"]> = {
  "pulumi-nodejs:dynamic/ostor:User": "user",
  "pulumi-nodejs:dynamic/ostor:AccessKey": "key",
  [rotationType]: "key",
  "pulumi-nodejs:dynamic/ostor:Bucket": "bucket",
};

/** Whether a step is of a user, a key or a bucket. */
export function isOurs({ type }: Step): boolean {
  return type in kinds;
}

/** Whether a step is of keys that rotate: their pairs come and go without a change of what is declared. */
export function isRotation({ type }: Step): boolean {
  return type === rotationType;
}

/** Which resource, as far as it tells; of what is to be made only the program's words are known. */
export function about({ type, urn, old, new: next }: Step): Subject {
  const kind = kinds[type] ?? "user";
  const known = {
    ...plainTexts(next?.inputs),
    ...plainTexts(old?.inputs),
    ...plainTexts(old?.outputs),
  };
  const user = known["emailAddress"] ?? (kind === "key" ? known["user"] : undefined);
  const id = kind === "key" ? known["accessKeyId"] : kind === "bucket" ? known["name"] : undefined;
  return { kind, name: nameOf(urn), urn, ...(user && { user }), ...(id && { id }) };
}

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
