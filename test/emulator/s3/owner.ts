import type { S3Client } from "@aws-sdk/client-s3";

import { createEmulator, type Emulator, type EmulatorOptions } from "../../../emulator";
import { amazonClient, firstKey } from "../client";

/** An emulator with the bucket `data` of Anna, and Bob, who owns nothing. `close` stops it. */
export interface Stage {
  readonly emulator: Emulator;
  readonly anna: S3Client;
  readonly bob: S3Client;
  close(): Promise<void>;
}

/** Starts the emulator for a test. */
export async function startStage(options: EmulatorOptions = {}): Promise<Stage> {
  const emulator = createEmulator(options);
  await emulator.start();
  const [anna, bob] = ["anna@example.com", "bob@example.com"].map((address) => {
    emulator.cluster.createUser(address);
    return amazonClient(emulator, firstKey(emulator, address));
  }) as [S3Client, S3Client];
  emulator.cluster.createBucket("data", "anna@example.com");
  const close = async () => {
    anna.destroy();
    bob.destroy();
    await emulator.stop();
  };
  return { emulator, anna, bob, close };
}
