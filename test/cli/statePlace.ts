import { typeOf, type Family, type ResourceName } from "../../cli/resourceTypes";
import type { Place } from "./place";

/** How an export shows a secret. */
export const cipher = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:AKgo",
};

/** A row of the printed JSON. */
interface Row {
  kind: string;
  user?: string;
  property: string;
  declared: string;
  found: string;
}
/** The JSON that drift prints. */
export interface Printed {
  result: string;
  title: string;
  stack: string;
  drift: Row[];
  notCompared: string[];
  notes: string[];
  compared: number;
}

/** A resource of a state, as `up` stores it. */
export function resource(name: ResourceName, id: string, outputs: object, more: object = {}) {
  const { family = "dynamic", ...rest } = more as { family?: Family };
  const type = typeOf(name, family);
  const urn = `urn:pulumi:selected::tenants::${type}::${id}`;
  return { urn, type, id, inputs: outputs, outputs, ...rest };
}

/** Creates a user with its first key, and returns what a stack stores of both. */
export function tenantIn({ emulator }: Place, emailAddress: string, more: object = {}) {
  const { userId, accessKeys } = emulator.cluster.createUser(emailAddress);
  const accessKeyId = accessKeys[0]?.accessKeyId ?? "";
  const user = {
    ...{ emailAddress, userId, state: "enabled", flags: [], ownerId: "0000000000000000" },
    createAccessKey: false,
  };
  const key = { user: emailAddress, emailAddress, userId, accessKeyId, secretAccessKey: cipher };
  return {
    ...{ userId, accessKeyId },
    resources: [
      resource("User", emailAddress, user, more),
      resource("AccessKey", accessKeyId, key, more),
    ],
  };
}

/** The rows of a report, each as a line. */
export const rows = ({ drift }: Printed) =>
  drift.map(({ kind, user = "", property, declared, found }) =>
    [kind, user, property, declared, found].join(" "),
  );
