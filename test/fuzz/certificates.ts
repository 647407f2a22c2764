import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

/** The key and certificate of a server, and its authority. */
export interface Identity {
  key: string;
  cert: string;
  /** The certificate of the authority; the certificate itself if it is self-signed. */
  ca: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Generates an authority and its certificate for a host name, valid between two days. */
export async function signedFor(host: string, fromDay = -1, toDay = 1): Promise<Identity> {
  const authority = await generate([{ name: "commonName", value: "An authority" }], {
    ...{ keyType: "ec", algorithm: "sha256" },
    extensions: [{ name: "basicConstraints", cA: true, critical: true }],
  });
  const generated = await generate([{ name: "commonName", value: host }], {
    ...leaf(host),
    notBeforeDate: new Date(Date.now() + fromDay * dayMs),
    notAfterDate: new Date(Date.now() + toDay * dayMs),
    ca: { key: authority.private, cert: authority.cert },
  });
  return { key: generated.private, cert: generated.cert, ca: authority.cert };
}

/** Generates a certificate of an intermediate authority, which the server does not send. */
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
  const generated = await generate([{ name: "commonName", value: host }], {
    ...leaf(host),
    ca: { key: intermediate.private, cert: intermediate.cert },
  });
  return {
    key: generated.private,
    cert: generated.cert,
    ca: root.cert,
    intermediate: intermediate.cert,
  };
}

/** Generates a self-signed certificate. */
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

/** Serves an empty list of users at `https://localhost` during `run`, and counts requests. */
export async function withIdentity(
  { key, cert }: Identity,
  run: (endpoint: string, requests: () => number) => Promise<void>,
): Promise<void> {
  let requests = 0;
  const server = createServer({ key, cert }, (_, response) => {
    requests += 1;
    response.end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  try {
    await run(`https://localhost:${portOf(server)}`, () => requests);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
