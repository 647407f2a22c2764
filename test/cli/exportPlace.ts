import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator, type EmulatorOptions } from "../../emulator";
import { usePlace, type Place } from "./place";
import type { Ended } from "./runHere";

/** A place with a project's folder, empty for each test. */
export interface ExportPlace extends Place {
  folder: string;
  /** Runs `pulumi-ostor export` in the folder. */
  export(...words: string[]): Promise<Ended>;
  /** A file of the folder that it writes to. */
  file(name: string): string;
}

/** Gives the tests of a `describe` one place to export from. */
export function useExportPlace(): ExportPlace {
  const place = usePlace() as ExportPlace;
  beforeEach(() => {
    place.folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-export-"));
    writeFileSync(join(place.folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
    place.current = "selected";
  });
  afterEach(() => {
    rmSync(place.folder, { recursive: true });
  });
  place.export = (...words) => place.run(["export", "--cwd", place.folder, ...words]);
  place.file = (name) => readFileSync(join(place.folder, "tenants", name), "utf8");
  return place;
}

/** Sets the place's settings to another cluster during a test. */
export async function withCluster(
  place: Place,
  options: EmulatorOptions,
  work: (emulator: Place["emulator"]) => Promise<void>,
): Promise<void> {
  const emulator = createEmulator({ seed: 6, ...options });
  await emulator.start();
  const { accessKeyId, secretAccessKey } = emulator.credentials;
  place.config = {
    "ostor:endpoint": { value: emulator.endpoint },
    "ostor:accessKeyId": { value: accessKeyId },
    "ostor:secretAccessKey": { value: secretAccessKey },
  };
  await work(emulator).finally(() => emulator.stop());
}

/** A file for `pulumi import`. */
export interface ImportFile {
  resources: {
    type: string;
    name: string;
    id: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
  }[];
  leftOut: object[];
}
