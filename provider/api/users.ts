import { isNotFound, ShapeError, type Attempt } from "./errors";
import { oneLine } from "../text/plain";
import { decode } from "./decode";
import { queryPath } from "./path";
import { apiUser, apiUsers, type ApiUser } from "./schemas";
import type { Call, Send } from "./send";
import { listBytes } from "./transport";
import type { Dialect } from "../settings/settings";

/** The operations of `ostor-users`; what each sends is in the vendor's guide, "Managing users". */
export interface Users {
  /** Everyone in one answer: no paging is documented. Secrets and keys may be absent from it. */
  listUsers(): Promise<ApiUser[]>;
  /** One user with key pairs and their secrets; undefined on 404. */
  getUser(emailAddress: string): Promise<ApiUser | undefined>;
  /** As `getUser`, by user id. */
  getUserById(userId: string): Promise<ApiUser | undefined>;
  /** Creates a user together with a first key pair. Not repeated here: the caller looks first. */
  createUser(emailAddress: string): Promise<ApiUser>;
  enableUser(emailAddress: string): Promise<void>;
  disableUser(emailAddress: string): Promise<void>;
  /**
   * Deletes exactly this user, whoever has its address by now.
   *
   * @returns false on 404: it is gone already, or another web server said so
   */
  deleteUser(userId: string, emailAddress: string): Promise<boolean>;
  /** Generates a key pair; the answer holds the new one or all. Not repeated here: the caller looks first. */
  generateKey(emailAddress: string): Promise<ApiUser>;
  revokeKey(emailAddress: string, accessKeyId: string): Promise<void>;
}

/**
 * Builds the operations of `ostor-users` on `send`. All throw NetworkError, ApiError or ShapeError.
 *
 * @param dialect - how keys are generated and revoked. Never found out by trying: on a release that doesn't know
 * keys by PUT the same request may create a user.
 */
export function createUsers(send: Send, dialect: Dialect): Users {
  const keyVerb = dialect === "put" ? "PUT" : "POST";
  const callOf = (
    method: Call["method"],
    attempt: Attempt,
    query: [string, string?][],
    repeatable = true,
  ): Call => {
    const path = queryPath("ostor-users", query);
    const operation = operationOf(query);
    return { method, attempt, path, resource: "/?ostor-users", repeatable, ...operation };
  };
  const call = (method: Call["method"], attempt: Attempt, query: [string, string?][]) =>
    send(callOf(method, attempt, query));
  const answerAbout = (attempt: Attempt, emailAddress: string, action: [string, string?][]) => {
    const query: [string, string?][] = [["emailAddress", emailAddress], ...action];
    const method = action.length === 0 ? "PUT" : keyVerb;
    return send(callOf(method, attempt, query, false), (answer) => {
      const user = decode(attempt, answer, apiUser);
      return requireSame(attempt, user, user.emailAddress, emailAddress);
    });
  };
  const get = async (who: "emailAddress" | "id", value: string) => {
    const attempt = `read user ${value}`;
    try {
      return await send(callOf("GET", attempt, [[who, value]]), (answer) => {
        const user = decode(attempt, answer, apiUser);
        return requireSame(attempt, user, who === "id" ? user.userId : user.emailAddress, value);
      });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  return {
    listUsers: () =>
      send({ ...callOf("GET", "list users", []), maxBytes: listBytes }, (answer) =>
        decode("list users", answer, apiUsers),
      ),
    getUser: (emailAddress) => get("emailAddress", emailAddress),
    getUserById: (userId) => get("id", userId),
    createUser: (emailAddress) => answerAbout(`create user ${emailAddress}`, emailAddress, []),
    async enableUser(emailAddress) {
      await call("POST", `enable user ${emailAddress}`, [
        ["emailAddress", emailAddress],
        ["enable"],
      ]);
    },
    async disableUser(emailAddress) {
      await call("POST", `disable user ${emailAddress}`, [
        ["emailAddress", emailAddress],
        ["disable"],
      ]);
    },
    async deleteUser(userId, emailAddress) {
      try {
        await call("DELETE", `delete user ${emailAddress}`, [["id", userId]]);
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
    generateKey: (emailAddress) =>
      answerAbout(`generate a key of user ${emailAddress}`, emailAddress, [["genKey"]]),
    async revokeKey(emailAddress, accessKeyId) {
      const attempt = `revoke key ${accessKeyId} of user ${emailAddress}`;
      await call(keyVerb, attempt, [
        ["emailAddress", emailAddress],
        ["revokeKey", accessKeyId],
      ]);
    },
  };
}

/** The operations that a failure is recognised by. */
function operationOf(query: readonly [string, string?][]): Pick<Call, "operation"> {
  const names = query.map(([name]) => name);
  if (names.length === 0) return { operation: "listUsers" };
  if (names.includes("genKey")) return { operation: "generateKey" };
  return names.includes("revokeKey") ? { operation: "revokeKey" } : {};
}

/** What is told of another user is never taken for this one's. */
function requireSame(attempt: Attempt, user: ApiUser, answered: string, asked: string): ApiUser {
  if (answered.toLowerCase() === asked.toLowerCase()) return user;
  throw new ShapeError(attempt, `it tells of another user, ${oneLine(answered)}`, "");
}
