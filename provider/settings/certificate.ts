import { X509Certificate } from "node:crypto";

const block = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]*-----END \1-----/g;

/**
 * Tells whether a text holds certificates in PEM form, all of them whole. The TLS library skips what it can't read,
 * and then trusts nobody.
 */
export function holdsCertificates(pem: string): boolean {
  const found = pem.match(block) ?? [];
  try {
    return found.length > 0 && found.every((each) => new X509Certificate(each).raw.length > 0);
  } catch {
    return false;
  }
}
