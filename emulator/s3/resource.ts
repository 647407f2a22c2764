import { decodeEscapes, type ServiceRequest } from "../http/request";

/** What a path-style address names. */
export interface Resource {
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Decoded; only meaningful with `hasKey`. */
  readonly key: string;
  readonly hasKey: boolean;
}

/** Reads `/bucket/key`. @throws ServiceError InvalidURI */
export function resourceOf(request: ServiceRequest): Resource {
  const [, bucket, rest] = /^\/([^/]*)\/?(.*)$/s.exec(request.rawPath) ?? [];
  const key = decodeEscapes(rest ?? "");
  return { bucket: decodeEscapes(bucket ?? ""), key, hasKey: key !== "" };
}
