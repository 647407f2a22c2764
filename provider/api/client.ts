import type { Settings } from "../settings/settings";
import { createBuckets, type Buckets } from "./buckets";
import { createS3, type S3 } from "./s3";
import { createSend, type SendOptions } from "./send";
import { createTransport } from "./transport";
import { createUsers, type Users } from "./users";

/** One method per operation of the service, and the few S3 calls that deleting empty buckets needs. */
export interface Client extends Users, Buckets, S3 {
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * Opens a client of one cluster. No request is sent yet.
 *
 * @throws CodedError if `caFile` contains no certificate
 */
export function createClient(settings: Settings, options: SendOptions = {}): Client {
  const transport = createTransport(settings);
  const send = createSend(settings, transport, options);
  return {
    ...createUsers(send, settings.dialect),
    ...createBuckets(send),
    ...createS3(send),
    close: () => transport.close(),
  };
}
