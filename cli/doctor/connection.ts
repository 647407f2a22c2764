import { InternalError, NetworkError, ShapeError } from "../../provider/api/errors";
import { findProxy } from "../../provider/api/proxy";
import { createTransport, type RawAnswer } from "../../provider/api/transport";
import { proxyFix } from "../../provider/api/fixMessages";
import { authoritiesIn } from "../../provider/settings/names";
import type { Settings } from "../../provider/settings/settings";
import { unsafeSetting } from "../../provider/settings/unsafe";
import { mendOfCertificate, readCertificate } from "./certificate";
import { notTried, type Check, type Finding } from "./finding";
import { mendOf, type Sources } from "./sources";

/** What one unsigned request told. */
export interface Reached {
  findings: Finding[];
  /** False when nothing that follows can be tried. */
  isReached: boolean;
}

const afterwards: Check[] = ["TLS", "clock"];

/** Asks once without a signature: that shows connection, certificate and clock, whatever the credentials are. */
export async function checkConnection(settings: Settings, sources: Sources): Promise<Reached> {
  try {
    const startedMs = Date.now();
    const answer = await ask(settings);
    const nowMs = (startedMs + Date.now()) / 2;
    const findings = [
      reached(settings, answer),
      await checkTls(settings, sources),
      checkClock(answer, nowMs),
    ];
    return { findings, isReached: true };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return { findings: await unreached(error, told, settings, sources), isReached: false };
  }
}

async function ask(settings: Settings): Promise<RawAnswer> {
  const transport = createTransport(settings);
  try {
    return await transport.send("connect", { method: "GET", path: "/?ostor-users", headers: {} });
  } finally {
    await transport.close();
  }
}

function reached({ endpoint }: Settings, { status }: RawAnswer): Finding {
  const proxy = findProxy(endpoint);
  const way = proxy ? `, through the proxy ${proxy.address} of ${proxy.variable}` : "";
  const told = `${endpoint} answers ${status} to a request without a signature${way}`;
  return { check: "connection", verdict: "ok", told };
}

async function unreached(
  error: unknown,
  told: string,
  settings: Settings,
  sources: Sources,
): Promise<Finding[]> {
  const isTls = error instanceof NetworkError && error.failure === "certificate";
  const isOther = error instanceof NetworkError && /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(error.code);
  const isAnswered = isTls || (isOther && settings.endpoint.startsWith("https:"));
  if (!isAnswered) {
    const mend = mendOfConnection(error, settings, sources);
    const failed: Finding = { check: "connection", verdict: "failed", told, mend };
    return [failed, ...notTried(afterwards, "there is no connection")];
  }
  const mend = isTls
    ? await mendOfCertificate(
        error.code,
        settings,
        sources,
        findProxy(settings.endpoint) === undefined,
      )
    : `check scheme and port: ${mendOf(sources, "endpoint")}`;
  return [
    { check: "connection", verdict: "ok", told: `${settings.endpoint} takes connections` },
    { check: "TLS", verdict: "failed", told, mend },
    ...notTried(["clock"], "there is no connection"),
  ];
}

function mendOfConnection(error: unknown, settings: Settings, sources: Sources): string {
  const way = `check the endpoint and the way there: ${mendOf(sources, "endpoint")}`;
  if (error instanceof NetworkError) {
    return error.proxy ? proxyFix(error.proxy, settings.endpoint) : way;
  }
  if (error instanceof ShapeError) return way;
  return error instanceof InternalError
    ? "that is a mistake in this package: please report it"
    : // What is not of the network was found in the settings: a file of authorities without any.
      `give the certificates of the authorities: ${mendOf(sources, "caFile")}`;
}

async function checkTls(settings: Settings, sources: Sources): Promise<Finding> {
  const { endpoint, insecure, caFile, caPem } = settings;
  const unsafe = unsafeSetting(settings);
  if (unsafe !== undefined) return { check: "TLS", verdict: "warning", told: unsafe.text };
  if (endpoint.startsWith("http:")) {
    return {
      check: "TLS",
      verdict: "ok",
      told: "there is none, and none is needed: it is this machine",
    };
  }
  const { endsAt } = (findProxy(endpoint) ? undefined : await readCertificate(endpoint)) ?? {};
  const by = caPem === undefined ? caFile : "caPem";
  const trusted = `the certificate is trusted${by === undefined ? "" : `, by ${by}`}`;
  if (endsAt === undefined || insecure) return { check: "TLS", verdict: "ok", told: trusted };
  const day = endsAt.toISOString().slice(0, 10);
  const isSoon = endsAt.getTime() - Date.now() < soonMs;
  const mend = `have it renewed; if another authority signs the new one: ${mendOf(sources, authoritiesIn(sources.raw))}`;
  const told = `${trusted}, until ${day}`;
  return { check: "TLS", verdict: isSoon ? "warning" : "ok", told, ...(isSoon && { mend }) };
}

const soonMs = 14 * 24 * 60 * 60_000;

/** Differences that a repeated request mends, as the provider does, up to a day. */
const [noticeMs, allowedMs, learntMs] = [60_000, 15 * 60_000, 24 * 60 * 60_000];

function checkClock({ headers }: RawAnswer, nowMs: number): Finding {
  const check = "clock" as const;
  const servicesMs = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(servicesMs)) {
    return { check, verdict: "warning", told: "the answer tells no date, so it isn't known" };
  }
  const offsetMs = nowMs - servicesMs;
  const size = Math.abs(offsetMs);
  if (size <= noticeMs)
    return { check, verdict: "ok", told: "that of the service agrees to the minute" };
  const told = `this machine's is ${span(size)} ${offsetMs > 0 ? "ahead of" : "behind"} the service's`;
  const mend = "set this machine's clock";
  if (size <= allowedMs) return { check, verdict: "warning", told, mend };
  return size <= learntMs
    ? {
        check,
        verdict: "warning",
        told: `${told}: each run is refused once before it signs by the service's`,
        mend,
      }
    : { check, verdict: "failed", told, mend };
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
