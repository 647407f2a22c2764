import type { Command } from "commander";
import { answerChecks, checkAnswers } from "./answers";
import { checkConnection } from "./connection";
import { findingLine, findingsJson, hasFailed, notTried, type Finding } from "./finding";
import { incompleteSettings, noConnection, noEndpoint, usersNotListed } from "./messages";
import { checkSignature, checkSystemUser, withOwnConnections } from "./signature";
import { checkSettings, readSources, type DoctorOptions } from "./sources";

/** Adds `doctor`, which checks settings and service and changes nothing. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "check settings, connection, TLS, clock, signature, key and answers; changes nothing",
    )
    .option("--json", "print JSON", false)
    .option("--stack <name>", "the stack that provides the settings (default: the selected stack)")
    .option("--cwd <folder>", "the project's folder, if there is a project", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one in the settings")
    .option("--ca-file <pem>", "the authorities to trust, instead of those in the settings")
    .action(async ({ json, ...options }: DoctorOptions & { json: boolean }) => {
      const findings: Finding[] = [];
      const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
      await runChecks(options, (finding) => {
        findings.push(finding);
        if (!json) process.stdout.write(findingLine(finding, isColoured));
      });
      if (json) process.stdout.write(findingsJson(findings));
      if (hasFailed(findings)) process.exitCode = 1;
    });
}

/** Runs the checks in order, and reports each finding as soon as it is known. */
async function runChecks(
  options: DoctorOptions,
  onFinding: (finding: Finding) => void,
): Promise<void> {
  const sources = await readSources(options);
  const { finding, settings, forConnection } = checkSettings(sources);
  const secret = sources.raw.secretAccessKey ?? "";
  const report = (...findings: Finding[]) => {
    for (const each of findings) onFinding(withoutSecret(each, secret));
  };
  report(finding);
  if (!forConnection) {
    report(...notTried(["connection", "TLS", "clock", ...signedChecks], noEndpoint));
    return;
  }
  const { findings, isReached } = await checkConnection(forConnection, sources);
  report(...findings);
  if (!settings || !isReached) {
    report(...notTried(signedChecks, settings ? noConnection : incompleteSettings));
    return;
  }
  const result = await checkSignature(settings, sources);
  report(result.finding, ...checkSystemUser(settings, result, sources));
  const { list } = result;
  if (!list) report(...notTried(answerChecks, usersNotListed));
  else {
    await withOwnConnections(settings, list.version, async (send) => {
      report(...(await checkAnswers(send, list, settings, sources)));
    });
  }
}

const signedChecks = ["signature" as const, "system user" as const, ...answerChecks];

/** A service may repeat what it was sent. A secret as short as a word is not hidden: it would be in every text. */
function withoutSecret(finding: Finding, secret: string): Finding {
  if (secret.length < 8) return finding;
  const clean = (text: string) => text.replaceAll(secret, "[secret]");
  const { text, fix } = finding;
  return { ...finding, text: clean(text), ...(fix !== undefined && { fix: clean(fix) }) };
}
