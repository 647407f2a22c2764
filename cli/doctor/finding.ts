import { styleText } from "node:util";
import { printable, safeJson } from "../lines";

/** What a check came to. "not tried": a check before it failed, so that it would tell nothing. */
export type Verdict = "ok" | "warning" | "failed" | "not tried";

/** One line of `doctor`. */
export interface Finding {
  check: Check;
  verdict: Verdict;
  told: string;
  /** What mends it. */
  mend?: string;
}

/** The checks, in their order. */
export type Check =
  "settings" | "connection" | "TLS" | "clock" | "signature" | "system user" | Shape;

/** What is looked at of the service's answers. */
export type Shape = "users" | "one user" | "buckets" | "dialect";

const colours = { ok: "green", warning: "yellow", failed: "red", "not tried": "gray" } as const;

/** One line for a terminal. */
export function findingLine({ check, verdict, told, mend }: Finding, isColoured: boolean): string {
  const word = verdict.padEnd("not tried".length);
  const shown = isColoured ? styleText(colours[verdict], word, { validateStream: false }) : word;
  const line = printable(mend === undefined ? told : `${told}; ${mend}`);
  return `${shown}  ${check.padEnd("system user".length)}  ${line}\n`;
}

/** All of them for machines. */
export function findingsJson(findings: Finding[]): string {
  return `${safeJson({ result: hasFailed(findings) ? "failed" : "ok", findings }, 2)}\n`;
}

/** Whether anything is wrong; a warning isn't. */
export function hasFailed(findings: Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === "failed");
}

/** Checks that can't tell anything, with the reason. */
export function notTried(checks: Check[], why: string): Finding[] {
  return checks.map((check) => ({ check, verdict: "not tried", told: why }));
}
