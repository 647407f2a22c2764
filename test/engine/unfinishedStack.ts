import { idsOf, type Keys } from "./storedStack";

/** The stages of the program of the stored stack. Each one includes the stages before it. */
export type Stage =
  /** Users, and the first access keys of two rotations. */
  | 1
  /** One of them rotated. */
  | 2
  /** Rotations, replacements and creations that fail after the service has completed a part of them. */
  | 3
  /** Creations whose end the engine does not record. */
  | 4;

const outside = "outside@storage.example";

/** What is on the cluster before the stack. */
export const outsideUnfinished: Keys = { [outside]: [1, 1] };

/** The keys after stage 2. */
export const heldKeys: Keys = {
  "holder@acme.example": [1, 0],
  "rotating-holder@acme.example": [1, 0],
  "rotation@acme.example": [3, 2],
  "secretless-rotation@acme.example": [2, 1],
  "replaced@acme.example": [2, 1],
  [outside]: [1, 1],
};

/** The keys on the cluster of the stored stack, including those whose creation the engine did not record. */
export const unfinishedKeys: Keys = {
  "holder@acme.example": [2, 1],
  "rotating-holder@acme.example": [2, 1],
  "rotation@acme.example": [3, 1],
  "secretless-rotation@acme.example": [3, 2],
  "disabling@acme.example": [1, 0],
  "releasing@acme.example": [1, 1],
  "secretless-own@acme.example": [1, 1],
  "secretless@acme.example": [2, 1],
  "secretless-first@acme.example": [2, 1],
  "created@acme.example": [1, 1],
  "replaced@acme.example": [3, 2],
  [outside]: [2, 2],
};

/** The keys after the next `up`. */
export const finishedKeys: Keys = {
  ...unfinishedKeys,
  "holder@acme.example": [3, 2],
  "rotation@acme.example": [4, 2],
  "releasing@acme.example": [1, 0],
  "absent@acme.example": [1, 0],
  "replaced@acme.example": [3, 1],
  [outside]: [2, 1],
};

/** What remains after a destroy: it does not belong to the stored stack, or the engine did not record it. */
export const unfinishedLeft: Keys = { "created@acme.example": [1, 1], [outside]: [2, 0] };

/** The ids that the messages of the next `up` offer for adoption. */
export interface Adopted {
  user?: string;
  key?: string;
}

/** The program of the stored stack at a stage. */
export function unfinishedProgram(stage: Stage, { user, key }: Adopted = {}): string {
  const tenant = (name: string, more = "") =>
    `new ostor.User("${name}", { emailAddress: "${name}@acme.example", ${more} })`;
  const adopt = (id: string | undefined) => (id === undefined ? "" : `adopt: "${id}"`);
  const keepers = `keepers: { rotated: "${stage < 3 ? 1 : 2}" }`;
  const settled = `
    const holder = ${tenant("holder")};
    const rotatingHolder = ${tenant("rotating-holder")};
    const rotation = new ostor.RotatingAccessKey("rotation", {
      user: ${tenant("rotation")}, generation: ${Math.min(stage, 3)} });
    const secretlessRotation = new ostor.RotatingAccessKey("secretless-rotation", {
      user: ${tenant("secretless-rotation")}, generation: ${stage < 3 ? 1 : 2} });
    const replaced = new ostor.AccessKey("replaced-key", { user: ${tenant("replaced")}, ${keepers} });
    const replacedAdopted = new ostor.AccessKey("outside-key", {
      user: "${outside}", adopt: "${idsOf(outside).firstKey}", ${keepers} });`;
  const partial = `
    ${tenant("disabling", `state: "disabled"`)};
    ${tenant("releasing")};
    const secretlessOwn = ${tenant("secretless-own", "createAccessKey: true")};
    const secretless = new ostor.AccessKey("secretless", { user: ${tenant("secretless")} });
    const secretlessFirst = new ostor.RotatingAccessKey("secretless-first", {
      user: ${tenant("secretless-first")}, generation: 0 });`;
  const pending = `
    ${tenant("created", adopt(user))};
    ${tenant("absent")};
    const holderKey = new ostor.AccessKey("holder-key", { user: holder });
    const holderRotation = new ostor.RotatingAccessKey("holder-rotation", {
      user: rotatingHolder, generation: 0, ${adopt(key)} });
    const pair = ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey });
    const rotations = [rotation, secretlessRotation, secretlessFirst, holderRotation];
    exports.keys = pulumi.output([
      ...rotations.flatMap(({ current, previous }) => [current, previous]),
      ...[secretlessOwn, secretless, holderKey, replaced, replacedAdopted].map(pair),
    ]).apply((keys) => keys.filter(Boolean));`;
  return [settled, stage > 2 ? partial : "", stage > 3 ? pending : ""].join("");
}
