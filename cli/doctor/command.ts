import type { Command } from "commander";
import { checkConnection } from "./connection";
import { findingLine, findingsJson, hasFailed, notTried, type Finding } from "./finding";
import { checkShapes, shapes } from "./shapes";
import { checkSignature, checkSystemUser, withSend } from "./signature";
import { checkSettings, readSources, type Where } from "./sources";

/** Adds `doctor`, which looks at settings and service and changes nothing. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "check settings, connection, TLS, clock, signature, key and answers; changes nothing",
    )
    .option("--json", "print JSON", false)
    .option("--stack <name>", "the stack whose settings are taken (default: the selected one)")
    .option("--cwd <folder>", "the project's folder, if there is a project", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one in the settings")
    .option("--ca-file <pem>", "the authorities to trust, instead of those in the settings")
    .action(async ({ json, ...where }: Where & { json: boolean }) => {
      const findings: Finding[] = [];
      const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
      await examine(where, (finding) => {
        findings.push(finding);
        if (!json) process.stdout.write(findingLine(finding, isColoured));
      });
      if (json) process.stdout.write(findingsJson(findings));
      if (hasFailed(findings)) process.exitCode = 1;
    });
}

/** Carries out the checks in order, and tells each finding when it is known. */
async function examine(where: Where, tell: (finding: Finding) => void): Promise<void> {
  const sources = await readSources(where);
  const { finding, settings, forConnection } = checkSettings(sources);
  const secret = sources.raw.secretAccessKey ?? "";
  const say = (...found: Finding[]) => {
    for (const each of found) tell(withoutSecret(each, secret));
  };
  say(finding);
  if (!forConnection) {
    say(...notTried(["connection", "TLS", "clock", ...signed], "no endpoint is known"));
    return;
  }
  const { findings, isReached } = await checkConnection(forConnection, sources);
  say(...findings);
  if (!settings || !isReached) {
    say(...notTried(signed, settings ? "there is no connection" : "settings are missing"));
    return;
  }
  const tried = await checkSignature(settings, sources);
  say(tried.finding, checkSystemUser(settings, tried, sources));
  const { listed } = tried;
  if (!listed) say(...notTried(shapes, "users can't be listed"));
  else {
    await withSend(settings, listed.version, async (send) => {
      say(...(await checkShapes(send, listed, settings, sources)));
    });
  }
}

const signed = ["signature" as const, "system user" as const, ...shapes];

/** A service may echo what it was sent. Letters of a toy's secret are in every word. */
function withoutSecret(finding: Finding, secret: string): Finding {
  if (secret.length < 8) return finding;
  const clean = (text: string) => text.replaceAll(secret, "[secret]");
  const { told, mend } = finding;
  return { ...finding, told: clean(told), ...(mend !== undefined && { mend: clean(mend) }) };
}
