import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { isNotFound, oneLine, ShapeError, type Attempt } from "./errors";
import { encode } from "./path";
import type { Send } from "./send";
import type { Credentials } from "./sign";

/** The few S3 calls that deleting empty buckets needs, path style, with a key pair that may see the bucket. */
export interface S3 {
  /** Whether a bucket holds no object, no version and no delete marker. Already gone counts as empty. */
  isBucketEmpty(bucket: string, credentials: Credentials): Promise<boolean>;
  /** Deletes a bucket; the service refuses one that holds anything. Already gone is done. */
  deleteBucket(bucket: string, credentials: Credentials): Promise<void>;
}

const contents = z.object({
  ListBucketResult: z.union([z.literal(""), z.record(z.string(), z.unknown())]),
});
const versions = z.object({
  ListVersionsResult: z.union([z.literal(""), z.record(z.string(), z.unknown())]),
});

/** Builds the S3 calls on `send`. They throw NetworkError, ApiError or ShapeError. */
export function createS3(send: Send): S3 {
  const get = async (bucket: string, credentials: Credentials, versionsToo: boolean) => {
    const attempt: Attempt = `list ${versionsToo ? "versions" : "objects"} in bucket ${bucket}`;
    const path = `/${encode(bucket)}`;
    const query = versionsToo ? "?versions&max-keys=1" : "?max-keys=1";
    const resource = versionsToo ? `${path}?versions` : path;
    const call = {
      method: "GET",
      attempt,
      path: path + query,
      resource,
      repeatable: true,
      credentials,
    } as const;
    const answer = await send(call);
    const result = (versionsToo ? versions : contents).safeParse(parseXml(answer.body));
    if (!result.success) {
      const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
      throw new ShapeError(attempt, "it is no list", requestId);
    }
    return Object.values(result.data)[0] ?? "";
  };
  const isEmpty = (list: "" | Record<string, unknown>) =>
    list === "" ||
    !["Contents", "CommonPrefixes", "Version", "DeleteMarker"].some((name) => name in list);
  return {
    async isBucketEmpty(bucket, credentials) {
      try {
        if (!isEmpty(await get(bucket, credentials, false))) return false;
        return isEmpty(await get(bucket, credentials, true));
      } catch (error) {
        if (isNotFound(error)) return true;
        throw error;
      }
    },
    async deleteBucket(bucket, credentials) {
      const path = `/${encode(bucket)}`;
      const attempt = `delete bucket ${bucket}`;
      try {
        await send({
          method: "DELETE",
          attempt,
          path,
          resource: path,
          repeatable: true,
          credentials,
        });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

function parseXml(body: string): unknown {
  try {
    return new XMLParser({ parseTagValue: false }).parse(body);
  } catch {
    return undefined;
  }
}
