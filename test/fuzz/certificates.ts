import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

/** A server's key and certificate, and the one that signed it. */
export interface Identity {
  key: string;
  cert: string;
  /** The authority; the certificate itself where it signed itself. */
  ca: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Makes an authority and a certificate that it signed, for one host name, valid from and to some day. */
export async function signedFor(host: string, fromDay = -1, toDay = 1): Promise<Identity> {
  const authority = await generate([{ name: "commonName", value: "An authority" }], {
    ...{ keyType: "ec", algorithm: "sha256" },
    extensions: [{ name: "basicConstraints", cA: true, critical: true }],
  });
  const made = await generate([{ name: "commonName", value: host }], {
    ...leaf(host),
    notBeforeDate: new Date(Date.now() + fromDay * dayMs),
    notAfterDate: new Date(Date.now() + toDay * dayMs),
    ca: { key: authority.private, cert: authority.cert },
  });
  return { key: made.private, cert: made.cert, ca: authority.cert };
}

/** Makes a certificate that an intermediate authority signed, which the server does not send unless it is told to. */
export async function signedThroughIntermediate(
  host: string,
): Promise<Identity & { intermediate: string }> {
  const ofAuthority = { name: "basicConstraints" as const, cA: true, critical: true };
  const options = { keyType: "ec" as const, algorithm: "sha256", extensions: [ofAuthority] };
  const root = await generate([{ name: "commonName", value: "The root" }], options);
  const intermediate = await generate([{ name: "commonName", value: "The intermediate" }], {
    ...options,
    ca: { key: root.private, cert: root.cert },
  });
  const made = await generate([{ name: "commonName", value: host }], {
    ...leaf(host),
    ca: { key: intermediate.private, cert: intermediate.cert },
  });
  return { key: made.private, cert: made.cert, ca: root.cert, intermediate: intermediate.cert };
}

/** Makes a certificate that nobody else signed. */
export async function selfSignedFor(host: string): Promise<Identity> {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], leaf(host));
  return { key, cert, ca: cert };
}

function leaf(host: string): NonNullable<Parameters<typeof generate>[1]> {
  const names = [{ type: 2 as const, value: host }];
  return {
    ...{ keyType: "ec", algorithm: "sha256" },
    extensions: [{ name: "subjectAltName", altNames: names }],
  };
}

/** Serves an empty list of users as `https://localhost`, for the time of `run`; counts what it is asked. */
export async function withIdentity(
  { key, cert }: Identity,
  run: (endpoint: string, asked: () => number) => Promise<void>,
): Promise<void> {
  let asked = 0;
  const server = createServer({ key, cert }, (_, response) => {
    asked += 1;
    response.end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  try {
    await run(`https://localhost:${portOf(server)}`, () => asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
