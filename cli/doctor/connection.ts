import { connect } from "node:tls";
import { NetworkError } from "../../provider/api/errors";
import { createTransport, type RawAnswer } from "../../provider/api/transport";
import { authoritiesIn } from "../../provider/settings/names";
import type { Settings } from "../../provider/settings/settings";
import { describeUnsafe } from "../../provider/settings/unsafe";
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
    return { findings: unreached(error, told, settings, sources), isReached: false };
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
  const proxy = proxyVariable(endpoint);
  const way = proxy === undefined ? "" : `, with ${proxy} set`;
  const told = `${endpoint} answers ${status} to a request without a signature${way}`;
  return { check: "connection", verdict: "ok", told };
}

function unreached(error: unknown, told: string, settings: Settings, sources: Sources): Finding[] {
  const isTls = error instanceof NetworkError && error.failure === "certificate";
  const isOther = /wrong version number|packet length too long|EPROTO|ssl|tls/i.test(told);
  const isAnswered = isTls || (isOther && settings.endpoint.startsWith("https:"));
  if (!isAnswered) {
    // What isn't of the network was found in the settings: a file of authorities without any.
    const mend =
      error instanceof NetworkError
        ? `check the endpoint and the way there: ${mendOf(sources, "endpoint")}`
        : `give the certificates of the authorities: ${mendOf(sources, "caFile")}`;
    const failed: Finding = { check: "connection", verdict: "failed", told, mend };
    return [failed, ...notTried(afterwards, "there is no connection")];
  }
  const mend = isTls
    ? mendOfCertificate(told, sources)
    : `check scheme and port: ${mendOf(sources, "endpoint")}`;
  return [
    { check: "connection", verdict: "ok", told: `${settings.endpoint} takes connections` },
    { check: "TLS", verdict: "failed", told, mend },
    ...notTried(["clock"], "there is no connection"),
  ];
}

/** Trust mends neither an end nor a name. */
function mendOfCertificate(told: string, sources: Sources): string {
  if (/expired/i.test(told)) return "have it renewed, if this machine's clock is right";
  if (/not yet valid/i.test(told)) return "set this machine's clock, if it is behind";
  if (/altnames/i.test(told)) {
    return `name the cluster as its certificate does: ${mendOf(sources, "endpoint")}`;
  }
  return `trust who signed the certificate: ${mendOf(sources, authoritiesIn(sources.raw))}`;
}

async function checkTls(settings: Settings, sources: Sources): Promise<Finding> {
  const { endpoint, insecure, caFile, caPem } = settings;
  const unsafe = describeUnsafe(settings);
  if (unsafe !== undefined) return { check: "TLS", verdict: "warning", told: unsafe };
  if (endpoint.startsWith("http:")) {
    return {
      check: "TLS",
      verdict: "ok",
      told: "there is none, and none is needed: it is this machine",
    };
  }
  const endsAt = proxyVariable(endpoint) === undefined ? await lastDay(endpoint) : undefined;
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
const handshakeMs = 5000;

/** When the certificate ends; undefined where that can't be had. It is only looked at: trust was checked before. */
async function lastDay(endpoint: string): Promise<Date | undefined> {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isName = !/^[\d.]+$|:/.test(host);
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: port === "" ? 443 : Number(port), rejectUnauthorized: false },
      ...(isName && { servername: host }),
    });
    const end = (date?: Date) => {
      socket.destroy();
      resolve(date === undefined || Number.isNaN(date.getTime()) ? undefined : date);
    };
    socket.setTimeout(handshakeMs, end);
    socket.on("error", () => {
      end();
    });
    socket.on("secureConnect", () => {
      end(new Date(socket.getPeerCertificate().valid_to));
    });
  });
}

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

function proxyVariable(endpoint: string): string | undefined {
  const name = endpoint.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY";
  return [name, name.toLowerCase()].find((each) => (process.env[each] ?? "") !== "");
}
