import type { Emulator } from "../../emulator";
import { idsOf, type Keys } from "./storedStack";

/** The values of the program in one run. */
export interface SettledValues {
  /** Counts up. Each step rotates every key that depends on it. */
  step: number;
  every: string;
  state: "enabled" | "disabled";
  /** The keepers of the adopted key, which is not rotated while it has none. */
  keepers?: string;
}

/** The values that create the stored stack, in two runs: step 1 and step 2. */
export const settledValues: SettledValues = { step: 2, every: "9999w", state: "enabled" };

const outsideAddress = "outside@storage.example";
const rotatingAddress = "outside-rotating@storage.example";

/** What is on the cluster before the stack, and what remains after a destroy. The keys belong to the stack by then. */
export const outside: Keys = {
  [outsideAddress]: [1, 1],
  [rotatingAddress]: [1, 1],
  "adopted@acme.example": [1, 1],
};
export const outsideAfterDestroy: Keys = { [outsideAddress]: [2, 0], [rotatingAddress]: [2, 0] };

/** The keys after step 2. */
export const settledKeys: Keys = {
  "rotated@acme.example": [3, 2],
  "scheduled@acme.example": [2, 1],
  [rotatingAddress]: [2, 2],
  "named@acme.example": [3, 2],
  "rotating@acme.example": [3, 2],
  "explicit@acme.example": [2, 1],
  "adopted@acme.example": [1, 1],
  [outsideAddress]: [2, 1],
  "monthly@acme.example": [3, 1],
  "kept@acme.example": [1, 1],
};

/** The keys after a step 3 in which the schedule is due, and the adopted key gets keepers. */
export const rotatedKeys: Keys = {
  ...settledKeys,
  "rotated@acme.example": [4, 2],
  "scheduled@acme.example": [3, 2],
  [rotatingAddress]: [3, 2],
  "rotating@acme.example": [4, 2],
  "adopted@acme.example": [2, 1],
  [outsideAddress]: [3, 1],
  "monthly@acme.example": [4, 1],
};

/** A program with every resource and option that a stack stores, except those of `upgrade.test.ts`. */
export function settledProgram({ endpoint, credentials }: Emulator, values: SettledValues): string {
  const { step, every, state, keepers } = values;
  const adopted = idsOf("adopted@acme.example");
  const user = (name: string, more = "") =>
    `new ostor.User("${name}", { emailAddress: "${name}@acme.example", ${more} })`;
  const rotation = `keepers: { rotated: "${step}" }`;
  return `
    const eu = new ostor.Provider("eu", ${JSON.stringify({ endpoint, ...credentials, timeoutSeconds: 20 })});
    const rotated = new ostor.RotatingAccessKey("rotated", { user: ${user("rotated")}, generation: ${step} });
    const scheduled = new ostor.RotatingAccessKey("scheduled", { user: ${user("scheduled")}, every: "${every}" });
    const outside = new ostor.RotatingAccessKey("outside-rotating", {
      user: "${rotatingAddress}", generation: ${step}, adopt: "${idsOf(rotatingAddress).firstKey}" });
    const named = new ostor.Tenant("named", {
      emailAddress: "named@acme.example", state: "${state}", keys: { app: { keepers: { by: "hand" } }, backup: {} } });
    const rotating = new ostor.Tenant("rotating", {
      emailAddress: "rotating@acme.example", rotation: { generation: ${step} } }, { providers: [eu] });
    const explicit = new ostor.User("explicit", {
      emailAddress: "explicit@acme.example", state: "${state}" }, { provider: eu });
    const explicitKey = new ostor.AccessKey("explicit-key", { user: explicit }, { provider: eu });
    const adopted = ${user("adopted", `adopt: "${adopted.userId}"`)};
    const adoptedKey = new ostor.AccessKey("adopted-key", {
      user: adopted, adopt: "${adopted.firstKey}", ${keepers === undefined ? "" : `keepers: { rotated: "${keepers}" }`} });
    const outsideKey = new ostor.AccessKey("outside-key", {
      user: "${outsideAddress}", adopt: "${idsOf(outsideAddress).firstKey}", ${rotation}, replaceOrder: "delete-first" });
    const monthly = new ostor.AccessKey("monthly-key", { user: ${user("monthly")}, ${rotation} });
    const kept = ${user("kept", `state: "${state}"`)};
    ostor.User.get("outside", "${outsideAddress}");
    const pair = ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey });
    const rotations = [rotated, scheduled, outside, rotating.rotating];
    exports.keys = pulumi.output([
      ...rotations.flatMap(({ current, previous }) => [current, previous]),
      ...[named.keys.app, named.keys.backup, explicitKey, adoptedKey, outsideKey, monthly, kept].map(pair),
    ]).apply((keys) => keys.filter(Boolean));`;
}
