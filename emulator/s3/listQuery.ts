import type { Context } from "../context";
import { ServiceError } from "../errors";
import { parameter, type ServiceRequest } from "../http/request";
import type { User } from "../userTable";
import { supervisedBucket } from "./access";
import type { ListQuery, Page } from "./listing";
import { element, leaf } from "./xml";

/**
 * Reads the query of a list.
 *
 * @param limitName - name of the parameter with the page size
 * @throws ServiceError InvalidArgument
 */
export function listQuery(
  request: ServiceRequest,
  after: string,
  limitName = "max-keys",
): ListQuery {
  const coding = parameter(request, "encoding-type");
  if (coding !== undefined && coding !== "url") {
    throw new ServiceError("InvalidArgument", `encoding-type must be url, not ${coding}`);
  }
  return {
    prefix: parameter(request, "prefix") ?? "",
    delimiter: parameter(request, "delimiter") ?? "",
    maxKeys: limitOf(request, limitName),
    after,
  };
}

/** A number in the query, limited to `largest`. @throws ServiceError InvalidArgument */
export function limitOf(
  request: ServiceRequest,
  name: string,
  standard = 1000,
  largest = 1000,
): number {
  const text = parameter(request, name);
  if (text === undefined || text === "") return standard;
  if (!/^\d{1,9}$/.test(text)) throw new ServiceError("InvalidArgument", `${name} is not a number`);
  return Math.min(Number(text), largest);
}

/** The elements that repeat the query. */
export function listHead(
  request: ServiceRequest,
  query: ListQuery,
  truncated: boolean,
  limitElement = "MaxKeys",
): string[] {
  const code = textCoder(request);
  return [
    leaf("Prefix", code(query.prefix)),
    leaf(limitElement, query.maxKeys),
    ...(query.delimiter === "" ? [] : [leaf("Delimiter", code(query.delimiter))]),
    ...(isUrlCoded(request) ? [leaf("EncodingType", "url")] : []),
    leaf("IsTruncated", truncated),
  ];
}

/** The common prefixes of a page. */
export function commonPrefixes(request: ServiceRequest, page: Page<{ key: string }>): string[] {
  const code = textCoder(request);
  return page.commonPrefixes.map((prefix) =>
    element("CommonPrefixes", leaf("Prefix", code(prefix))),
  );
}

/** URL-encodes keys if the request demands it. */
export function textCoder(request: ServiceRequest): (text: string) => string {
  return isUrlCoded(request)
    ? (text) => encodeURIComponent(text).replaceAll("%2F", "/")
    : (text) => text;
}

/** The owner of the bucket, which can differ from the caller: the system user may list buckets of others. */
export function bucketOwner(context: Context): User {
  return context.service.users.byId(supervisedBucket(context).ownerId) ?? context.caller;
}

function isUrlCoded(request: ServiceRequest): boolean {
  return parameter(request, "encoding-type") === "url";
}
