import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, emptyAnswer, jsonAnswer } from "../http/answer";
import { hasParameter, parameter } from "../http/request";
import { isSystemUser } from "../service";
import * as rules from "../users";
import type { User } from "../userTable";
import { createdJson, listedJson, spaceJson, userJson } from "./userJson";

/** GET `ostor-users[&space]` (vendor guide 3.2.2; `space` is only known from a client). */
export function listUsers({ service, request }: Context): Answer {
  const { systemUserListed, listShape } = service.assumptions;
  const space = hasParameter(request, "space");
  const users = [...service.users.seen().values()]
    .filter((user) => systemUserListed || !isSystemUser(user))
    .map((user) => ({ ...listedJson(service, user), ...(space && spaceJson(service, user)) }));
  return jsonAnswer(listShape === "array" ? users : { Users: users });
}

/** GET `ostor-users&emailAddress=` or `&id=` (vendor guide 3.2.3). */
export function getUser(context: Context): Answer {
  const { address, id } = named(context);
  const seen = context.service.users.seen();
  const user =
    address === undefined
      ? [...seen.values()].find(({ userId }) => userId === id)
      : seen.get(address);
  if (user === undefined) throw rules.noSuchUser(address ?? id ?? "");
  return jsonAnswer(userJson(context.service, user));
}

/** PUT `ostor-users&emailAddress=` (vendor guide 3.2.1). */
export function createUser({ service, request }: Context): Answer {
  const address = parameter(request, "emailAddress") ?? "";
  try {
    const user = rules.createUser(service, address);
    return jsonAnswer(createdJson(user, user.accessKeys));
  } catch (error) {
    const exists = error instanceof ServiceError && error.code === "UserAlreadyExists";
    if (!exists || error.status !== 200) throw error;
    const user = rules.requireUser(service, address);
    return jsonAnswer(createdJson(user, user.accessKeys));
  }
}

/** POST `…&enable` (vendor guide 3.2.5). */
export function enableUser(context: Context): Answer {
  return setState(context, "enabled");
}

/** POST `…&disable` (vendor guide 3.2.4). */
export function disableUser(context: Context): Answer {
  return setState(context, "disabled");
}

function setState(context: Context, state: User["state"]): Answer {
  const { enableDisableStatus, sameStateStatus } = context.service.assumptions;
  const user = target(context);
  if (user.state !== state) {
    rules.setUserState(context.service, user, state);
    return emptyAnswer(enableDisableStatus);
  }
  if (sameStateStatus < 300) return emptyAnswer(sameStateStatus);
  throw new ServiceError("InvalidArgument", `the user is already ${state}`, sameStateStatus);
}

/** POST `…&genKey` (vendor guide 3.2.7; later references show all keys in the response). */
export function generateKey(context: Context): Answer {
  const { service } = context;
  const key = rules.generateKey(service, target(context));
  const user = target(context);
  const all = service.assumptions.genKeyReply === "all";
  return jsonAnswer(createdJson(user, all ? user.accessKeys : [key]));
}

/** POST `…&revokeKey=` (vendor guide 3.2.8). */
export function revokeKey(context: Context): Answer {
  const accessKeyId = parameter(context.request, "revokeKey") ?? "";
  rules.revokeKey(context.service, target(context), accessKeyId);
  return emptyAnswer(context.service.assumptions.revokeStatus);
}

/** DELETE `ostor-users&emailAddress=` or `&id=`. */
export function deleteUser(context: Context): Answer {
  rules.deleteUser(context.service, target(context));
  return emptyAnswer(context.service.assumptions.deleteStatus);
}

/** The user of a call, never stale. */
function target(context: Context): User {
  const { address, id } = named(context);
  const { users, assumptions } = context.service;
  const user = address === undefined ? users.byId(id ?? "") : users.get(address);
  if (user === undefined)
    throw rules.noSuchUser(address ?? id ?? "", assumptions.missingUserStatus);
  return user;
}

function named({ service, request }: Context): { address?: string; id?: string } {
  const address = parameter(request, "emailAddress");
  const id = parameter(request, "id");
  return {
    ...(address !== undefined && { address: rules.foldAddress(service, address) }),
    ...(id !== undefined && { id }),
  };
}
