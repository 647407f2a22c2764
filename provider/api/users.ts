import { isNotFound, ShapeError, type Attempt } from "./errors";
import { problems } from "./messages";
import { decode } from "./decode";
import { queryPath } from "./path";
import { apiUser, apiUsers, type ApiUser } from "./schemas";
import type { Call, Send } from "./send";
import { listBytes } from "./transport";
import type { Dialect } from "../settings/settings";

/** The operations of `ostor-users`, as in the vendor's guide, "Managing users". */
export interface Users {
  /** All users in one answer: no paging is documented. It may omit keys and secrets. */
  listUsers(): Promise<ApiUser[]>;
  /** One user with access keys and their secrets; undefined on 404. */
  getUser(emailAddress: string): Promise<ApiUser | undefined>;
  /** Like `getUser`, by user id. */
  getUserById(userId: string): Promise<ApiUser | undefined>;
  /** Creates a user with a first access key. Never retried here: the caller must read first. */
  createUser(emailAddress: string): Promise<ApiUser>;
  enableUser(emailAddress: string): Promise<void>;
  disableUser(emailAddress: string): Promise<void>;
  /**
   * Deletes the user with this id, also if another user has its address now.
   *
   * @returns false on 404: the user does not exist, or another web server answered
   */
  deleteUser(userId: string, emailAddress: string): Promise<boolean>;
  /** Generates an access key; the answer contains the new key or all keys. Never retried here: the caller must read first. */
  generateKey(emailAddress: string): Promise<ApiUser>;
  revokeKey(emailAddress: string, accessKeyId: string): Promise<void>;
}

/**
 * Builds the operations of `ostor-users` on `send`. All throw NetworkError, ApiError or ShapeError.
 *
 * @param dialect - the verb that generates and revokes keys. It is never found by trying: on a release that takes keys by POST
 * the same PUT may create a user.
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

/** The operation, if its failures have their own code. */
function operationOf(query: readonly [string, string?][]): Pick<Call, "operation"> {
  const names = query.map(([name]) => name);
  if (names.length === 0) return { operation: "listUsers" };
  if (names.includes("genKey")) return { operation: "generateKey" };
  return names.includes("revokeKey") ? { operation: "revokeKey" } : {};
}

/** An answer about another user is an error. */
function requireSame(attempt: Attempt, user: ApiUser, answered: string, asked: string): ApiUser {
  if (answered.toLowerCase() === asked.toLowerCase()) return user;
  throw new ShapeError(attempt, problems.otherUser(answered), "");
}
