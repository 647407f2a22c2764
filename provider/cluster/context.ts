import type { Client } from "../api/client";
import type { Settings } from "../settings/settings";
import type { Adoption } from "./adoption";
import type { Claims } from "./claims";
import type { Directory } from "./directory";
import type { LateReads } from "./lateReads";

/** What the files of this room share. */
export interface Context {
  readonly settings: Settings;
  readonly claims: Claims;
  readonly client: Client;
  readonly directory: Directory;
  readonly lateReads: LateReads;
  readonly adoption: Adoption;
  /** True once nothing is left that records what a call creates: create nothing more. */
  isLost(): boolean;
}
