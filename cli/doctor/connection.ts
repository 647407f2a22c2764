import { InternalError, NetworkError, ShapeError } from "../../provider/api/errors";
import { findProxy } from "../../provider/api/proxy";
import { createTransport, type RawAnswer } from "../../provider/api/transport";
import { proxyFix } from "../../provider/api/fixMessages";
import { authoritiesIn } from "../../provider/settings/names";
import type { Settings } from "../../provider/settings/settings";
import { unsafeSetting } from "../../provider/settings/unsafe";
import { textOf } from "../../provider/text/message";
import { fixForCertificate, readCertificate } from "./certificate";
import { checkClock } from "./clock";
import { failed, notTried, ok, warning, type Finding } from "./finding";
import { problemOf } from "./hint";
import {
  acceptsConnections,
  checkEndpoint,
  expiresSoon,
  localWithoutTls,
  noConnection,
  noTls,
  reached,
  reportError,
  setAuthorities,
  throughProxy,
  trusted,
  type Problem,
} from "./messages";
import { changeOfSetting, type Sources } from "./sources";

/** The result of one unsigned request. */
export interface ConnectionResult {
  findings: Finding[];
  /** False if no other request can be tried. */
  isReached: boolean;
}

/** Sends one request without a signature: it shows connection, certificate and clock for any credentials. */
export async function checkConnection(
  settings: Settings,
  sources: Sources,
): Promise<ConnectionResult> {
  try {
    const startedMs = Date.now();
    const answer = await sendUnsigned(settings);
    const nowMs = (startedMs + Date.now()) / 2;
    const findings = [
      reachedFinding(settings, answer),
      await checkTls(settings, sources),
      checkClock(answer, nowMs),
    ];
    return { findings, isReached: true };
  } catch (error) {
    return { findings: await unreachedFindings(error, settings, sources), isReached: false };
  }
}

async function sendUnsigned(settings: Settings): Promise<RawAnswer> {
  const transport = createTransport(settings);
  try {
    return await transport.send("connect", { method: "GET", path: "/?ostor-users", headers: {} });
  } finally {
    await transport.close();
  }
}

function reachedFinding({ endpoint }: Settings, { status }: RawAnswer): Finding {
  const proxy = findProxy(endpoint);
  const suffix = proxy ? throughProxy(proxy.address, proxy.variable) : "";
  return ok("connection", `${reached(endpoint, status)}${suffix}`);
}

async function unreachedFindings(
  error: unknown,
  settings: Settings,
  sources: Sources,
): Promise<Finding[]> {
  const problem = await tlsProblem(error, settings, sources);
  return problem === undefined
    ? [
        failed("connection", connectionProblem(error, settings, sources)),
        ...notTried(["TLS", "clock"], noConnection),
      ]
    : [
        ok("connection", acceptsConnections(settings.endpoint)),
        failed("TLS", problem),
        ...notTried(["clock"], noConnection),
      ];
}

/** The problem if the server accepted the connection and TLS failed; otherwise undefined. */
async function tlsProblem(
  error: unknown,
  settings: Settings,
  sources: Sources,
): Promise<Problem | undefined> {
  if (!(error instanceof NetworkError)) return undefined;
  if (error.failure === "certificate") {
    const isDirect = findProxy(settings.endpoint) === undefined;
    const fix = await fixForCertificate(error.code, settings, sources, isDirect);
    return problemOf(error, fix, settings);
  }
  const isTls = /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(error.code);
  if (!isTls || !settings.endpoint.startsWith("https:")) return undefined;
  return noTls(textOf(error), changeOfSetting(sources, "endpoint"));
}

function connectionProblem(error: unknown, settings: Settings, sources: Sources): Problem {
  const fix = checkEndpoint(changeOfSetting(sources, "endpoint"));
  if (error instanceof NetworkError) {
    const { proxy } = error;
    return problemOf(error, proxy ? proxyFix(proxy, settings.endpoint) : fix, settings);
  }
  if (error instanceof ShapeError) return problemOf(error, fix, settings);
  if (error instanceof InternalError) return problemOf(error, reportError, settings);
  // What is not of the network comes from the settings: a file of authorities without certificates.
  return problemOf(error, setAuthorities(changeOfSetting(sources, "caFile")), settings);
}

async function checkTls(settings: Settings, sources: Sources): Promise<Finding> {
  const { endpoint, insecure, caFile, caPem } = settings;
  const unsafe = unsafeSetting(settings);
  if (unsafe !== undefined) return warning("TLS", unsafe);
  if (endpoint.startsWith("http:")) return ok("TLS", localWithoutTls);
  const certificate = findProxy(endpoint) ? undefined : await readCertificate(endpoint);
  const by = caPem === undefined ? caFile : "caPem";
  const expiresAt = certificate?.expiresAt;
  if (expiresAt === undefined || insecure) return ok("TLS", trusted(by));
  const text = trusted(by, expiresAt.toISOString().slice(0, 10));
  if (expiresAt.getTime() - Date.now() >= soonMs) return ok("TLS", text);
  return warning("TLS", expiresSoon(text, changeOfSetting(sources, authoritiesIn(sources.raw))));
}

const soonMs = 14 * 24 * 60 * 60_000;
