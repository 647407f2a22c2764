import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { generate } from "selfsigned";

import { createEmulator, type Emulator } from "../../../emulator";
import { firstKey } from "../client";

const run = promisify(execFile);

/** The surroundings of a client: an emulator with https, a folder, and an environment with the key of an owner. */
export interface Place {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs a program. @returns its output */
  run(program: string, ...args: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Address of the owner. */
export const address = "client@example.com";

/** Opens the place. It uses https, because clients sign and check uploads differently with it. */
export async function openPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "ostor-clients-"));
  const names = [{ type: 7 as const, ip: "127.0.0.1" }];
  const generated = await generate([{ name: "commonName", value: "localhost" }], {
    ...{ keyType: "ec", algorithm: "sha256" },
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: names },
    ],
  });
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, generated.cert);
  const emulator = createEmulator({ tls: { key: generated.private, cert: generated.cert } });
  await emulator.start();
  emulator.cluster.createUser(address);
  const { accessKeyId, secretAccessKey } = firstKey(emulator, address);
  const env = {
    ...{ PATH: process.env["PATH"], HOME: folder, OSTOR_STORY_ENDPOINT: emulator.endpoint },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    ...{ AWS_DEFAULT_REGION: "us-east-1", AWS_EC2_METADATA_DISABLED: "true" },
    ...{ AWS_CA_BUNDLE: ca, SSL_CERT_FILE: ca, NODE_EXTRA_CA_CERTS: ca, NO_PROXY: "127.0.0.1" },
  };
  return {
    ...{ emulator, folder, env },
    run: async (program, ...args) => {
      const { stdout } = await run(program, args, { cwd: folder, env, timeout: 120_000 });
      return stdout;
    },
    close: async () => {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Finds clients, or skips the tests of a suite and prints the reason. */
export async function orSkip<T>(context: Mocha.Context, find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    console.log(`      skipped: ${error instanceof Error ? error.message : String(error)}`);
    return context.skip();
  }
}
