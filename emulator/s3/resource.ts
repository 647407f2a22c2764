import { ServiceError } from "../errors";
import { decodeEscapes, type ServiceRequest } from "../http/request";

/** The bucket and key of an address. */
export interface Resource {
  /** Empty for the service. */
  readonly bucket: string;
  /** Decoded; only meaningful with `hasKey`. */
  readonly key: string;
  readonly hasKey: boolean;
}

/**
 * Reads `/bucket/key`, or `/key` if the host names the bucket.
 *
 * @throws ServiceError InvalidURI; InvalidRequest for an unclear host
 */
export function resourceOf({ host, rawPath }: ServiceRequest): Resource {
  if (host.kind === "unknown") throw unknownHost(host.name);
  if (host.kind === "bucket") return resource(host.bucket, rawPath.slice(1));
  const [, bucket, rest] = /^\/([^/]*)\/?(.*)$/s.exec(rawPath) ?? [];
  return resource(decodeEscapes(bucket ?? ""), rest ?? "");
}

function resource(bucket: string, rawKey: string): Resource {
  const key = decodeEscapes(rawKey);
  return { bucket, key, hasKey: key !== "" };
}

function unknownHost(name: string): ServiceError {
  const message = `The host ${name} may be a name of the emulator or of a bucket; start the emulator with --host-name <its own name> (option hostNames)`;
  return new ServiceError("InvalidRequest", message);
}
