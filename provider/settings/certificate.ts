import { X509Certificate } from "node:crypto";

const block = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]*-----END \1-----/g;

/** The certificates in a text in PEM form, one text each: TLS reads none of two that no line break separates. */
export function certificatesIn(pem: string): string[] {
  return pem.match(block) ?? [];
}

/**
 * Whether a text holds certificates in PEM form, all of them whole. The TLS library skips what it can't read,
 * and then trusts nobody.
 */
export function holdsCertificates(pem: string): boolean {
  const found = certificatesIn(pem);
  try {
    return found.length > 0 && found.every((each) => new X509Certificate(each).raw.length > 0);
  } catch {
    return false;
  }
}
