// @ts-check
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

import { PlainError } from "./plainError.mjs";
import { descendants, killAll } from "./processTree.mjs";

/** How long children may take to end by themselves after Ctrl-C. */
const GRACE_MS = 15_000;
/** npm passes Ctrl-C on to a script that got it from the terminal already: such twins are one. */
const TWIN_MS = 1_000;

/**
 * The running children, each with what it had started when it was signalled: a child that dies at
 * once leaves its own children, such as an engine's plugins, to run on for ever.
 * @type {Map<import("node:child_process").ChildProcess, number[]>}
 */
const children = new Map();
const interruption = new globalThis.AbortController();
let listening = false;
let interruptedAt = 0;

/**
 * Aborted on the first Ctrl-C: for whatever waits and isn't a child process.
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
 * Says whether a module is the script that was started, also through a link to the checkout.
 * @param {string} url The module's import.meta.url.
 */
export function isStarted(url) {
  return realpathSync(process.argv[1] ?? "") === realpathSync(fileURLToPath(url));
}

/**
 * Runs a script to its end and exits with the code it returns, 1 on an error, 130 or the like on
 * Ctrl-C: then running children get the signal, are waited for, and every `finally` does its work.
 * @param {() => Promise<number | void>} job
 */
export async function main(job) {
  listening = true;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => interrupt(signal));
  }
  if (process.env["npm_lifecycle_event"] !== undefined) watchParent();
  process.exit(await exitCodeOf(job));
}

/**
 * Runs a child process to its end; throws when it can't be started or a signal came meanwhile.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, timeoutMs?: number }} [options]
 *   `capture` collects the output instead of showing it; after `timeoutMs` the child is killed.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} A killed child's code is 128 + signal.
 */
export async function run(command, args, { cwd, env, capture = false, timeoutMs } = {}) {
  interrupted.throwIfAborted();
  const shown = capture ? "pipe" : "inherit";
  // A group of its own: the terminal's Ctrl-C then reaches the child once, through interrupt().
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ["ignore", shown, shown],
    detached: listening,
  });
  children.set(child, []);
  child.once("exit", () => killAll(children.get(child) ?? []));
  try {
    const end = await ended(child, timeoutMs);
    interrupted.throwIfAborted();
    return end;
  } catch (error) {
    throw asPlain(error, command);
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

/** A signal to npm ends the shell between npm and this script, which itself would never hear of it. */
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
    if (now - interruptedAt > TWIN_MS) children.forEach((_, child) => signalTo(child, "SIGKILL"));
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
    // Gone in the meantime.
  }
}

/**
 * @param {unknown} error
 * @param {string} command
 */
function asPlain(error, command) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return typeof code === "string" ? new PlainError(`Can't run ${command}: ${message}`) : error;
}

/**
 * @param {() => Promise<number | void>} job
 * @returns {Promise<number>}
 */
async function exitCodeOf(job) {
  try {
    return (await job()) ?? 0;
  } catch (error) {
    if (interrupted.aborted) return interrupted.reason.exitCode;
    console.error(error instanceof PlainError ? error.message : error);
    return 1;
  }
}
