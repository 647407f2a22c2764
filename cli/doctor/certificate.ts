import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { certificatesIn } from "../../provider/settings/certificate";
import { certificateFault } from "../../provider/api/networkFailure";
import { authoritiesIn } from "../../provider/settings/names";
import type { Settings } from "../../provider/settings/settings";
import {
  missingIntermediate,
  renewCertificate,
  sendChain,
  setClockIfBehind,
  trustAuthority,
  useCertificateName,
} from "./messages";
import { changeOfSetting, type Sources } from "./sources";

const handshakeMs = 5000;

/** The certificates that a server sends. They are only read: whether they are trusted was checked before. */
export interface ServerCertificate {
  expiresAt: Date | undefined;
  /** Subject and common name of the certificate that signed the last one which the server sends. */
  issuer: string;
  issuerName: string;
}

/** Reads the certificates that a server sends; undefined if that fails. */
export async function readCertificate(endpoint: string): Promise<ServerCertificate | undefined> {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isName = !/^[\d.]+$|:/.test(host);
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: port === "" ? 443 : Number(port), rejectUnauthorized: false },
      ...(isName && { servername: host }),
    });
    const end = (certificate?: ServerCertificate) => {
      socket.destroy();
      resolve(certificate);
    };
    socket.setTimeout(handshakeMs, end);
    socket.on("error", () => {
      end();
    });
    socket.on("secureConnect", () => {
      end(fromPeer(socket.getPeerCertificate(true)));
    });
  });
}

function fromPeer(certificate: DetailedPeerCertificate): ServerCertificate {
  const date = new Date(certificate.valid_to);
  const last = lastOf(certificate);
  const { issuer } = new X509Certificate(last.raw);
  return {
    expiresAt: Number.isNaN(date.getTime()) ? undefined : date,
    issuer,
    issuerName: [last.issuer.CN ?? issuer].flat().join(", ").replaceAll("\n", ", "),
  };
}

/** The end of a chain. A self-signed certificate is its own issuer. */
function lastOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
  const next = certificate.issuerCertificate as DetailedPeerCertificate | undefined;
  return next === undefined || next === certificate ? certificate : lastOf(next);
}

/** What fixes a certificate that is not trusted. If it expired or has another name, trust does not help. */
export async function fixForCertificate(
  code: string,
  settings: Settings,
  sources: Sources,
  isDirect: boolean,
): Promise<string> {
  const trust = trustAuthority(changeOfSetting(sources, authoritiesIn(sources.raw)));
  switch (certificateFault(code)) {
    case "ended":
      return renewCertificate;
    case "early":
      return setClockIfBehind;
    case "name":
      return useCertificateName(changeOfSetting(sources, "endpoint"));
    case "issuer":
      return fixForChain(settings, sources, trust, isDirect);
    case "authority":
      return trust;
  }
}

/** The server sent a chain that ends before any trusted authority. */
async function fixForChain(
  settings: Settings,
  sources: Sources,
  trust: string,
  isDirect: boolean,
): Promise<string> {
  const { caPem, caFile } = settings;
  const authorities = caPem ?? (caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
  if (authorities === undefined) return sendChain(trust);
  const certificate = isDirect ? await readCertificate(settings.endpoint) : undefined;
  const subjects = certificatesIn(authorities).map((each) => new X509Certificate(each).subject);
  // An authority with the issuer's name that did not sign is an older or a different one.
  if (certificate && subjects.includes(certificate.issuer)) return trust;
  const holder = authoritiesIn(sources.raw);
  return missingIntermediate(certificate?.issuerName, holder, changeOfSetting(sources, holder));
}
