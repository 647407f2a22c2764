import { X509Certificate } from "node:crypto";

const block = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]*-----END \1-----/g;

/** The certificates in a PEM text, one text each: TLS reads neither of two that no line break separates. */
export function certificatesIn(pem: string): string[] {
  return pem.match(block) ?? [];
}

/**
 * Whether a text contains certificates in PEM form, all of them complete. The TLS library skips what it cannot read,
 * and then trusts no certificate.
 */
export function hasCertificates(pem: string): boolean {
  const found = certificatesIn(pem);
  try {
    return found.length > 0 && found.every((each) => new X509Certificate(each).raw.length > 0);
  } catch {
    return false;
  }
}
