import type { Emulator } from "../../emulator";
import { idsOf, type Keys } from "./storedStack";

/** Which values of the program a run has. */
export interface SettledValues {
  /** Counts up: each step rotates what it is given to. */
  step: number;
  every: string;
  state: "enabled" | "disabled";
  /** The key that was adopted, and is not rotated before it has keepers. */
  keepers?: string;
}

/** What the stored stack was created with: in two runs, step 1 and step 2. */
export const settledValues: SettledValues = { step: 2, every: "9999w", state: "enabled" };

const text = "outside@storage.example";
const rotatingText = "outside-rotating@storage.example";

/** What was on the cluster before the stack, and what of it stays after: its keys are the stack's by then. */
export const outside: Keys = {
  [text]: [1, 1],
  [rotatingText]: [1, 1],
  "adopted@acme.example": [1, 1],
};
export const outsideAfterDestroy: Keys = { [text]: [2, 0], [rotatingText]: [2, 0] };

/** The keys after step 2. */
export const settledKeys: Keys = {
  "rotated@acme.example": [3, 2],
  "scheduled@acme.example": [2, 1],
  [rotatingText]: [2, 2],
  "named@acme.example": [3, 2],
  "rotating@acme.example": [3, 2],
  "explicit@acme.example": [2, 1],
  "adopted@acme.example": [1, 1],
  [text]: [2, 1],
  "monthly@acme.example": [3, 1],
  "kept@acme.example": [1, 1],
};

/** The keys after a step 3 in which the schedule is due, and the adopted key gets keepers. */
export const rotatedKeys: Keys = {
  ...settledKeys,
  "rotated@acme.example": [4, 2],
  "scheduled@acme.example": [3, 2],
  [rotatingText]: [3, 2],
  "rotating@acme.example": [4, 2],
  "adopted@acme.example": [2, 1],
  [text]: [3, 1],
  "monthly@acme.example": [4, 1],
};

/** A program with every resource and option that a stack stores, but for those of `upgrade.test.ts`. */
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
      user: "${rotatingText}", generation: ${step}, adopt: "${idsOf(rotatingText).firstKey}" });
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
      user: "${text}", adopt: "${idsOf(text).firstKey}", ${rotation}, replaceOrder: "delete-first" });
    const monthly = new ostor.AccessKey("monthly-key", { user: ${user("monthly")}, ${rotation} });
    const kept = ${user("kept", `state: "${state}"`)};
    ostor.User.get("outside", "${text}");
    const pair = ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey });
    const rotations = [rotated, scheduled, outside, rotating.rotating];
    exports.keys = pulumi.output([
      ...rotations.flatMap(({ current, previous }) => [current, previous]),
      ...[named.keys.app, named.keys.backup, explicitKey, adoptedKey, outsideKey, monthly, kept].map(pair),
    ]).apply((keys) => keys.filter(Boolean));`;
}
