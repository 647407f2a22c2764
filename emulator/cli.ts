#!/usr/bin/env node
import { type CommandLine, readCommandLine } from "./commandLine";
import { createEmulator, type Emulator } from "./emulator";

void main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  let emulator: Emulator;
  try {
    const commandLine: CommandLine = readCommandLine(args);
    if ("help" in commandLine) {
      process.stdout.write(commandLine.help);
      return;
    }
    emulator = createEmulator(commandLine.options);
  } catch (error) {
    fail(2, `${firstLine(error)} (--help lists the options)`);
    return;
  }
  await serve(emulator);
}

async function serve(emulator: Emulator): Promise<void> {
  try {
    const endpoint = await emulator.start();
    warnIfExposed(endpoint);
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    const lines = [`endpoint: ${endpoint}`, `accessKeyId: ${accessKeyId}`];
    process.stdout.write([...lines, `secretAccessKey: ${secretAccessKey}`, ""].join("\n"));
  } catch (error) {
    fail(1, `cannot listen: ${firstLine(error)}`);
    return;
  }
  // The process exits by itself when the server is closed.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void emulator.stop());
  }
}

/** The emulator prints its access key and has no protection against attacks. */
function warnIfExposed(endpoint: string): void {
  const { hostname } = new URL(endpoint);
  if (/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)) return;
  process.stderr.write(
    `ostor-emulator: warning: ${endpoint} accepts connections from other machines; use it only for tests (--host 127.0.0.1 restricts it to this machine)\n`,
  );
}

function fail(exitCode: number, message: string): void {
  process.stderr.write(`ostor-emulator: ${message}\n`);
  process.exitCode = exitCode;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
