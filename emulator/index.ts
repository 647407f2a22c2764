/**
 * An ostor service in one process, for demos and for your own tests.
 *
 * @module pulumi-ostor/emulator
 */
export type { Assumptions, ErrorFormat, SignatureVersion } from "./assumptions";
export { defaultAssumptions } from "./assumptions";
export type { BucketView, Cluster, UserView } from "./cluster";
export { createEmulator, type Emulator } from "./emulator";
export { type ErrorCode, ServiceError } from "./errors";
export type { Fault, FaultKind } from "./faults/faults";
export { sentinels } from "./faults/sentinels";
export type { RecordedRequest } from "./http/requestLog";
export type { EmulatorOptions } from "./options";
export { type Profile, profiles } from "./profiles";
export type { AccessKey } from "./userTable";
