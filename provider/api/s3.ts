import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { isNotFound, ShapeError, type Attempt, type Operation } from "./errors";
import { problems } from "./messages";
import { oneLine } from "../text/plain";
import { encode } from "./path";
import type { Send } from "./send";
import type { Credentials } from "./sign";

/** The S3 calls that delete an empty bucket, path style, with an access key that may read the bucket. */
export interface S3 {
  /**
   * Whether a bucket contains no object, no version, no delete marker and no unfinished multipart upload, with which some
   * services delete a bucket. A bucket that does not exist counts as empty.
   */
  isBucketEmpty(bucket: string, credentials: Credentials): Promise<boolean>;
  /** Deletes a bucket if it exists; the service refuses one that is not empty. */
  deleteBucket(bucket: string, credentials: Credentials): Promise<void>;
}

type List = "" | Record<string, unknown>;

/** What a bucket may contain: the query that lists it, and the root element of the answer. */
const kinds = [
  { name: "objects", query: "", limit: "max-keys", root: "ListBucketResult" },
  { name: "versions", query: "versions", limit: "max-keys", root: "ListVersionsResult" },
  { name: "uploads", query: "uploads", limit: "max-uploads", root: "ListMultipartUploadsResult" },
] as const;

const entries = ["Contents", "CommonPrefixes", "Version", "DeleteMarker", "Upload"];

/** Builds the S3 calls on `send`. They throw NetworkError, ApiError or ShapeError. */
export function createS3(send: Send): S3 {
  const list = (
    { name, query, limit, root }: (typeof kinds)[number],
    bucket: string,
    credentials: Credentials,
  ): Promise<List> => {
    const operation: Operation | undefined = name === "uploads" ? "listUploads" : undefined;
    const attempt: Attempt = `list ${name} in bucket ${bucket}`;
    const path = `/${encode(bucket)}`;
    const call = {
      method: "GET",
      attempt,
      ...(operation && { operation }),
      path: `${path}?${query === "" ? "" : `${query}&`}${limit}=1`,
      resource: query === "" ? path : `${path}?${query}`,
      repeatable: true,
      credentials,
    } as const;
    const shape = z.object({ [root]: z.union([z.literal(""), z.record(z.string(), z.unknown())]) });
    return send(call, (answer): List => {
      const result = shape.safeParse(parseXml(answer.body));
      if (result.success) return result.data[root] ?? "";
      const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
      throw new ShapeError(attempt, problems.noList(), requestId, false, operation);
    });
  };
  return {
    async isBucketEmpty(bucket, credentials) {
      try {
        for (const kind of kinds) {
          if (!isEmpty(await list(kind, bucket, credentials))) return false;
        }
        return true;
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

/** A truncated list without an entry means that there is more. */
function isEmpty(list: List): boolean {
  if (list === "") return true;
  return list["IsTruncated"] !== "true" && !entries.some((name) => name in list);
}

function parseXml(body: string): unknown {
  try {
    return new XMLParser({ parseTagValue: false }).parse(body);
  } catch {
    return undefined;
  }
}
