import { decode } from "./decode";
import { queryPath } from "./path";
import { apiBuckets, type ApiBucket } from "./schemas";
import type { Send } from "./send";
import { listBytes } from "./transport";

/** The operations of `ostor-buckets`. */
export interface Buckets {
  /** The buckets of one user, by user id, or of all users, with sizes. */
  listBuckets(ownerId?: string): Promise<ApiBucket[]>;
}

/** Builds the operations of `ostor-buckets` on `send`. They throw NetworkError, ApiError or ShapeError. */
export function createBuckets(send: Send): Buckets {
  return {
    async listBuckets(ownerId) {
      const attempt = ownerId === undefined ? "list buckets" : `list buckets of user ${ownerId}`;
      const path = queryPath("ostor-buckets", ownerId === undefined ? [] : [["id", ownerId]]);
      const call = {
        method: "GET",
        attempt,
        ...(ownerId === undefined && { operation: "listBuckets" as const }),
        path,
        resource: "/?ostor-buckets",
        repeatable: true,
        maxBytes: listBytes,
      } as const;
      const buckets = await send(call, (answer) => decode(attempt, answer, apiBuckets));
      // A server that does not know the parameter ignores it and returns the buckets of all users.
      return ownerId === undefined
        ? buckets
        : buckets.filter((bucket) => bucket.ownerId === ownerId);
    },
  };
}
