import type { Bucket } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, jsonAnswer } from "../http/answer";
import { hasParameter, parameter, type ServiceRequest } from "../http/request";
import type { Service } from "../service";
import { sizeAt } from "../sizes";
import { foldAddress, noSuchUser } from "../users";

/** GET `ostor-buckets`: all, those of one owner, one, or several by name (vendor guide 3.2.6, 3.2.9). */
export function listBuckets({ service, request }: Context): Answer {
  const buckets = wanted(service, request);
  return jsonAnswer({ Buckets: buckets.map((bucket) => bucketJson(service, bucket)) });
}

function wanted(service: Service, request: ServiceRequest): Bucket[] {
  const seen = service.buckets.seen();
  const name = parameter(request, "bucket");
  if (name !== undefined) return oneBucket(service, seen, name);
  if (hasParameter(request, "multi")) return namedBuckets(seen, request.body);
  const all = [...seen.values()];
  const ownerId = ownerOf(service, request);
  return ownerId === undefined ? all : all.filter((bucket) => bucket.ownerId === ownerId);
}

function oneBucket(service: Service, seen: ReadonlyMap<string, Bucket>, name: string): Bucket[] {
  const bucket = seen.get(name);
  if (bucket) return [bucket];
  if (service.assumptions.missingIsEmptyList) return [];
  throw new ServiceError("NoSuchBucket", `The bucket ${name} does not exist`);
}

/** A GET with a JSON array of names as its body. Unknown names are omitted (assumed). */
function namedBuckets(seen: ReadonlyMap<string, Bucket>, body: Buffer): Bucket[] {
  const names = new Set(parseNames(body));
  return [...seen.values()].filter((bucket) => names.has(bucket.name));
}

/** Names contain no brackets, so nested JSON is refused. A million levels would take seconds to parse. */
const flatList = /^\s*\[[^[\]{}]*\]\s*$/;

function parseNames(body: Buffer): unknown[] {
  const text = body.toString("utf8");
  try {
    if (flatList.test(text)) return JSON.parse(text) as unknown[];
  } catch {
    // Refused below, like JSON of another shape.
  }
  throw new ServiceError("MalformedJSON", "The body is not a JSON array of bucket names");
}

function ownerOf(service: Service, request: ServiceRequest): string | undefined {
  const address = parameter(request, "emailAddress");
  const id = parameter(request, "id");
  // A public client lists all buckets with an empty address.
  if (address === "" || (address === undefined && id === undefined)) return undefined;
  const user =
    address === undefined
      ? service.users.byId(id ?? "")
      : service.users.get(foldAddress(service, address));
  if (user === undefined && !service.assumptions.missingIsEmptyList) {
    throw noSuchUser(address ?? id ?? "");
  }
  return user?.userId ?? "";
}

function bucketJson(service: Service, bucket: Bucket): object {
  return {
    name: bucket.name,
    epoch: 0,
    creation_date: new Date(bucket.createdMs).toISOString(),
    owner_id: bucket.ownerId,
    size: sizeAt(bucket.size, service.clock()),
  };
}
