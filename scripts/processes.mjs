// @ts-check
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

import { PlainError } from "./plainError.mjs";
import { descendants, killAll } from "./processTree.mjs";

/** How long children may take to exit after Ctrl-C. */
const GRACE_MS = 15_000;
/** npm forwards Ctrl-C to a script that also receives it from the terminal: the second one is ignored. */
const DUPLICATE_MS = 1_000;

/**
 * The running children, each with its descendants at the time of the signal. A child that exits at once
 * would leave its own children, such as an engine's plugins, running.
 * @type {Map<import("node:child_process").ChildProcess, number[]>}
 */
const children = new Map();
const interruption = new globalThis.AbortController();
let listening = false;
let interruptedAt = 0;

/**
 * Aborted on the first Ctrl-C: ends waits that are not for a child process.
 * @type {AbortSignal}
 */
export const interrupted = interruption.signal;

class InterruptedError extends PlainError {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Whether a module is the script that was started, also through a link to the checkout.
 * @param {string} url The module's import.meta.url.
 */
export function isStarted(url) {
  return realpathSync(process.argv[1] ?? "") === realpathSync(fileURLToPath(url));
}

/**
 * Runs a script and exits with the code that it returns, 1 on an error, or 128 + signal on Ctrl-C. On
 * Ctrl-C it forwards the signal to running children, waits for them and runs every `finally`.
 * @param {() => Promise<number | void>} script
 */
export async function main(script) {
  listening = true;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => interrupt(signal));
  }
  if (process.env["npm_lifecycle_event"] !== undefined) watchParent();
  process.exit(await exitCodeOf(script));
}

/**
 * Runs a child process to its end. Throws if it cannot be started, or if the script is interrupted.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, timeoutMs?: number }} [options]
 *   `capture` returns the output instead of printing it; after `timeoutMs` the child is killed.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} The code of a killed child is 128 + signal.
 */
export async function run(command, args, { cwd, env, capture = false, timeoutMs } = {}) {
  interrupted.throwIfAborted();
  const output = capture ? "pipe" : "inherit";
  // In a group of its own, the child receives Ctrl-C once, from interrupt().
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ["ignore", output, output],
    detached: listening,
  });
  children.set(child, []);
  child.once("exit", () => killAll(children.get(child) ?? []));
  try {
    const end = await ended(child, timeoutMs);
    interrupted.throwIfAborted();
    return end;
  } catch (error) {
    throw toPlainError(error, command);
  } finally {
    children.delete(child);
  }
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {number | undefined} timeoutMs
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
function ended(child, timeoutMs) {
  let output = "";
  let timedOut = false;
  child.stdout?.on("data", (chunk) => (output += String(chunk)));
  child.stderr?.on("data", (chunk) => (output += String(chunk)));
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          signalTo(child, "SIGKILL");
        }, timeoutMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128 + constants.signals[signal ?? "SIGKILL"], output, timedOut });
    });
  });
}

/** A signal to npm ends the shell between npm and this script, and does not reach the script itself. */
function watchParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !interrupted.aborted) interrupt("SIGTERM");
  }, 500).unref();
}

/** @param {NodeJS.Signals} signal */
function interrupt(signal) {
  const now = Date.now();
  if (interrupted.aborted) {
    if (now - interruptedAt > DUPLICATE_MS)
      children.forEach((_, child) => signalTo(child, "SIGKILL"));
    return;
  }
  interruptedAt = now;
  interruption.abort(new InterruptedError(signal));
  children.forEach((_, child) => signalTo(child, signal));
  setTimeout(() => children.forEach((_, child) => signalTo(child, "SIGKILL")), GRACE_MS).unref();
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalTo(child, signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  children.set(child, [...(children.get(child) ?? []), ...descendants(child.pid)]);
  try {
    process.kill(listening ? -child.pid : child.pid, signal);
  } catch {
    // It has exited.
  }
}

/**
 * @param {unknown} error
 * @param {string} command
 */
function toPlainError(error, command) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return typeof code === "string" ? new PlainError(`Cannot run ${command}: ${message}`) : error;
}

/**
 * @param {() => Promise<number | void>} script
 * @returns {Promise<number>}
 */
async function exitCodeOf(script) {
  try {
    return (await script()) ?? 0;
  } catch (error) {
    if (interrupted.aborted) return interrupted.reason.exitCode;
    console.error(error instanceof PlainError ? error.message : error);
    return 1;
  }
}
