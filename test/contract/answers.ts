import assert from "node:assert/strict";
import { ApiError } from "../../provider/api/errors";

/** Whether the service refused the request. */
export function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

/** Whether the service returned this status. */
export const hasStatus = (status: number) => (error: unknown) =>
  error instanceof ApiError && error.status === status;

/** Whether a write was carried out. A release may refuse it instead. */
export const isDone = (write: Promise<unknown>) =>
  write.then(
    () => true,
    (error: unknown) => {
      assert.ok(isRefused(error), String(error));
      return false;
    },
  );
