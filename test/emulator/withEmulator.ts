import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";

/** Runs with an emulator, and stops it afterwards. */
export async function withEmulator(
  options: EmulatorOptions,
  run: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = createEmulator(options);
  await emulator.start();
  try {
    await run(emulator);
  } finally {
    await emulator.stop();
  }
}
