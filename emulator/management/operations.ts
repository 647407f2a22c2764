import type { Assumptions } from "../assumptions";
import type { Call, Context, Handler } from "../context";
import { ServiceError } from "../errors";
import { hasParameter, type ServiceRequest } from "../http/request";
import { isSystemUser } from "../service";
import { listBuckets } from "./bucketHandlers";
import { checkParameters, notEmulated } from "./parameters";
import * as users from "./userHandlers";

const handlers: Record<string, Handler> = {
  listUsers: users.listUsers,
  getUser: users.getUser,
  getUserById: users.getUser,
  createUser: users.createUser,
  enableUser: users.enableUser,
  disableUser: users.disableUser,
  generateKey: users.generateKey,
  revokeKey: users.revokeKey,
  deleteUser: users.deleteUser,
  listBuckets,
};

/** Services of the real gateway that are not emulated. */
const notEmulatedServices = ["ostor-accounts", "ostor-limits", "ostor-quotas", "ostor-usage"];

/**
 * Finds the management call of a request: the path is `/`, and a token anywhere in the query names the service.
 *
 * @returns undefined for an S3 request
 */
export function managementCall(
  request: ServiceRequest,
  assumptions: Assumptions,
): Call | undefined {
  const token = request.parameters.find(({ name }) => name.startsWith("ostor-"))?.name;
  if (token === undefined || request.rawPath !== "/") return undefined;
  const operation = operationName(token, request, assumptions);
  return {
    operation,
    admit: (context) => {
      admit(operation, token, context);
    },
    handler: (context) => handlerOf(operation, token, context.request)(context),
  };
}

function operationName(token: string, request: ServiceRequest, assumptions: Assumptions): string {
  if (token === "ostor-buckets" && !assumptions.bucketsServed) return "unknownService";
  if (token === "ostor-users") return userOperation(request, assumptions);
  if (token === "ostor-buckets" && request.method === "GET") return "listBuckets";
  if (token === "ostor-buckets") return "invalid";
  return notEmulatedServices.includes(token) ? "notEmulated" : "unknownService";
}

function userOperation(request: ServiceRequest, { keysByPut, keysByPost }: Assumptions): string {
  switch (request.method) {
    case "GET":
      if (hasParameter(request, "emailAddress")) return "getUser";
      return hasParameter(request, "id") ? "getUserById" : "listUsers";
    case "PUT":
      return (keysByPut ? keyOperation(request) : undefined) ?? "createUser";
    case "POST":
      if (hasParameter(request, "enable")) return "enableUser";
      if (hasParameter(request, "disable")) return "disableUser";
      return (keysByPost ? keyOperation(request) : undefined) ?? "invalid";
    case "DELETE":
      return "deleteUser";
    default:
      return "invalid";
  }
}

function keyOperation(request: ServiceRequest): string | undefined {
  if (hasParameter(request, "genKey")) return "generateKey";
  return hasParameter(request, "revokeKey") ? "revokeKey" : undefined;
}

/** Order: permission, operation, parameters. */
function admit(operation: string, token: string, { service, request, caller }: Context): void {
  const { nonSystemStatus, unknownServiceStatus } = service.assumptions;
  if (!isSystemUser(caller)) {
    const message = "Management calls are for system users";
    throw new ServiceError("AccessDenied", message, nonSystemStatus);
  }
  if (operation === "unknownService") {
    throw new ServiceError("InvalidArgument", `Unknown service ${token}`, unknownServiceStatus);
  }
  if (operation === "notEmulated") throw notEmulated(`Calls of ${token}`);
  handlerOf(operation, token, request);
  checkParameters(operation, request, service.assumptions);
}

function handlerOf(operation: string, token: string, request: ServiceRequest): Handler {
  const handler = handlers[operation];
  if (handler === undefined) throw noSuchOperation(request, token);
  return handler;
}

function noSuchOperation(request: ServiceRequest, token: string): ServiceError {
  if (request.method === "POST" && token === "ostor-users") {
    const message = "Exactly one of genKey, revokeKey, enable and disable is required";
    return new ServiceError("InvalidArgument", message);
  }
  return new ServiceError("MethodNotAllowed", `${request.method} is not a verb of ${token}`);
}
