import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Checked } from "./run";
import { metricHelp, metricsNotWritten } from "./messages";

const kinds = ["user", "key", "bucket"] as const;

/**
 * The result as text for Prometheus.
 *
 * @param seconds - how long the comparison took
 * @param nowMs - milliseconds since 1970
 */
export function metricsText(checked: readonly Checked[], seconds: number, nowMs: number): string {
  const tenants = checked.map(({ report, tenants: users }) =>
    sample("tenants", { stack: report.stack }, users),
  );
  const drifted = checked.flatMap(({ report }) =>
    kinds.map((kind) => {
      const urns = report.drift.filter((each) => each.kind === kind).map(({ urn }) => urn);
      return sample("drifted", { stack: report.stack, kind }, new Set(urns).size);
    }),
  );
  return [
    ...gauge("tenants", metricHelp.tenants, tenants),
    ...gauge("drifted", metricHelp.drifted, drifted),
    ...gauge("drift_last_success_timestamp_seconds", metricHelp.lastSuccess, [
      sample("drift_last_success_timestamp_seconds", {}, Math.floor(nowMs / 1000)),
    ]),
    ...gauge("drift_seconds", metricHelp.seconds, [
      sample("drift_seconds", {}, Number(seconds.toFixed(3))),
    ]),
    "",
  ].join("\n");
}

/**
 * Writes a file in one step: the collector never reads half of it.
 *
 * @throws CodedError
 */
export function writeMetrics(path: string, text: string): void {
  // The collector reads only *.prom.
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw metricsNotWritten(path, error instanceof Error ? error.message : "");
  }
}

function gauge(name: string, help: string, samples: string[]): string[] {
  const full = `pulumi_ostor_${name}`;
  return [`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...samples];
}

function sample(name: string, labels: Record<string, string>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const suffix = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `pulumi_ostor_${name}${suffix} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
