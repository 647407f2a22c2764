import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { certificatesIn } from "../../provider/settings/certificate";
import { certificateFault } from "../../provider/api/networkFailure";
import { authoritiesIn } from "../../provider/settings/names";
import type { Settings } from "../../provider/settings/settings";
import { mendOf, type Sources } from "./sources";

const handshakeMs = 5000;

/** What a server shows of its certificate. It is only looked at: whether it is trusted was checked before. */
export interface Shown {
  endsAt: Date | undefined;
  /** Subject of the certificate that signed the last one which the server sent, and that one's common name. */
  issuer: string;
  issuerName: string;
}

/** Reads the certificates that a server sends; undefined where that fails. */
export async function readCertificate(endpoint: string): Promise<Shown | undefined> {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isName = !/^[\d.]+$|:/.test(host);
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: port === "" ? 443 : Number(port), rejectUnauthorized: false },
      ...(isName && { servername: host }),
    });
    const end = (shown?: Shown) => {
      socket.destroy();
      resolve(shown);
    };
    socket.setTimeout(handshakeMs, end);
    socket.on("error", () => {
      end();
    });
    socket.on("secureConnect", () => {
      end(shownBy(socket.getPeerCertificate(true)));
    });
  });
}

function shownBy(certificate: DetailedPeerCertificate): Shown {
  const date = new Date(certificate.valid_to);
  const last = lastOf(certificate);
  const { issuer } = new X509Certificate(last.raw);
  return {
    endsAt: Number.isNaN(date.getTime()) ? undefined : date,
    issuer,
    issuerName: [last.issuer.CN ?? issuer].flat().join(", ").replaceAll("\n", ", "),
  };
}

/** The end of a chain. One that signed itself is its own issuer. */
function lastOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
  const next = certificate.issuerCertificate as DetailedPeerCertificate | undefined;
  return next === undefined || next === certificate ? certificate : lastOf(next);
}

/** What fixes a certificate that is not trusted. Trust fixes neither an end nor a name. */
export async function mendOfCertificate(
  code: string,
  settings: Settings,
  sources: Sources,
  isDirect: boolean,
): Promise<string> {
  const trust = `trust who signed the certificate: ${mendOf(sources, authoritiesIn(sources.raw))}`;
  switch (certificateFault(code)) {
    case "ended":
      return "have it renewed, if this machine's clock is right";
    case "early":
      return "set this machine's clock, if it is behind";
    case "name":
      return `name the cluster as its certificate does: ${mendOf(sources, "endpoint")}`;
    case "issuer":
      return mendOfChain(settings, sources, trust, isDirect);
    case "authority":
      return trust;
  }
}

/** The server sent a chain that ends before any trusted authority. */
async function mendOfChain(
  settings: Settings,
  sources: Sources,
  trust: string,
  isDirect: boolean,
): Promise<string> {
  const chain = "have the server send its whole certificate chain";
  const { caPem, caFile } = settings;
  const trusted = caPem ?? (caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
  if (trusted === undefined) return `${chain}, or ${trust}`;
  const shown = isDirect ? await readCertificate(settings.endpoint) : undefined;
  const subjects = certificatesIn(trusted).map((each) => new X509Certificate(each).subject);
  // One with the name of the issuer that did not sign is an older one, or another's.
  if (shown && subjects.includes(shown.issuer)) return trust;
  const missing = shown ? `${shown.issuerName}, ` : "";
  const holder = authoritiesIn(sources.raw);
  return `the server does not send the intermediate certificate (${missing}which signed its own), and ${holder} does not hold it: ${chain}, or add that one to ${holder}: ${mendOf(sources, holder)}`;
}
