// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * Lists the descendants of a process, also those in a process group of their own, such as Pulumi's plugins.
 * A process is missing if its parent has exited.
 * @param {number} pid
 * @returns {number[]}
 */
export function descendants(pid) {
  const parents = existsSync("/proc/self/stat") ? parentsFromProc() : parentsFromPs();
  const found = [pid];
  for (const parent of found) {
    for (const [child, itsParent] of parents) if (itsParent === parent) found.push(child);
  }
  return found.slice(1);
}

/**
 * Kills those of the processes that still run.
 * @param {readonly number[]} pids
 */
export function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has exited.
    }
  }
}

/** Slim container images have no ps. */
function parentsFromProc() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // "12 (name, with any character) S 1 …": the state and the parent follow the last bracket.
      return [numbers(pid, stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])];
    } catch {
      return [];
    }
  });
}

function parentsFromPs() {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/);
    return numbers(pid, parent);
  });
}

/**
 * @param {string | undefined} pid
 * @param {string | undefined} parent
 * @returns {[pid: number, parent: number]}
 */
function numbers(pid, parent) {
  return [Number(pid), Number(parent)];
}
