import { styleText } from "node:util";
import { printable, safeJson } from "../lines";
import type { Problem } from "./messages";

/** The result of a check. "not tried": an earlier check failed, so this one would find nothing. */
export type Verdict = "ok" | "warning" | "failed" | "not tried";

/** One line of `doctor`. */
export interface Finding {
  check: Check;
  verdict: Verdict;
  text: string;
  fix?: string;
  /** Of warnings and failures. */
  code?: string;
}

/** The checks, in their order. */
export type Check =
  | "settings"
  | "connection"
  | "TLS"
  | "clock"
  | "signature"
  | "system user"
  | AnswerCheck;

/** The checks of what the service's answers contain. */
export type AnswerCheck = "users" | "one user" | "buckets" | "dialect";

const colours = { ok: "green", warning: "yellow", failed: "red", "not tried": "gray" } as const;

/** One line for a terminal. */
export function findingLine(finding: Finding, isColoured: boolean): string {
  const { check, verdict, text, fix, code } = finding;
  const word = verdict.padEnd("not tried".length);
  const shown = isColoured ? styleText(colours[verdict], word, { validateStream: false }) : word;
  const line = printable(fix === undefined ? text : `${text}; ${fix}`);
  const suffix = code === undefined ? "" : ` [${code}]`;
  return `${shown}  ${check.padEnd("system user".length)}  ${line}${suffix}\n`;
}

/** All findings for programs. The names of the properties are their interface. */
export function findingsJson(findings: Finding[]): string {
  const listed = findings.map(({ check, verdict, text, fix }) => ({
    check,
    verdict,
    told: text,
    ...(fix !== undefined && { mend: fix }),
  }));
  return `${safeJson({ result: hasFailed(findings) ? "failed" : "ok", findings: listed }, 2)}\n`;
}

/** Whether a check failed; a warning is not a failure. */
export function hasFailed(findings: Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === "failed");
}

export const ok = (check: Check, text: string): Finding => ({ check, verdict: "ok", text });

export const warning = (check: Check, problem: Problem): Finding => ({
  check,
  verdict: "warning",
  ...problem,
});

export const failed = (check: Check, problem: Problem): Finding => ({
  check,
  verdict: "failed",
  ...problem,
});

/** Checks that were skipped, with the reason. */
export function notTried(checks: Check[], reason: string): Finding[] {
  return checks.map((check) => ({ check, verdict: "not tried", text: reason }));
}
