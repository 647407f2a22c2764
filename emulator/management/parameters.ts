import type { Assumptions } from "../assumptions";
import { ServiceError } from "../errors";
import { hasParameter, parameter, type ServiceRequest } from "../http/request";

const actions = ["genKey", "revokeKey", "enable", "disable"];

/** The allowed parameters by operation. The reference returns 400 for a wrong set. */
const rules: Record<string, Rule> = {
  listUsers: { who: [] },
  getUser: { who: ["emailAddress", "id"], required: true },
  getUserById: { who: ["emailAddress", "id"], required: true },
  createUser: { who: ["emailAddress"], required: true, refused: ["id", ...actions] },
  enableUser: { who: ["emailAddress"], required: true, refused: ["id"], oneOf: actions },
  disableUser: { who: ["emailAddress"], required: true, refused: ["id"], oneOf: actions },
  generateKey: { who: ["emailAddress"], required: true, refused: ["id"], oneOf: actions },
  revokeKey: { who: ["emailAddress"], required: true, refused: ["id"], oneOf: actions },
  deleteUser: { who: ["emailAddress", "id"], required: true },
  listBuckets: { who: ["emailAddress", "id", "bucket", "multi"] },
};

interface Rule {
  /** At most one of these. */
  readonly who: readonly string[];
  /** Exactly one of `who`. */
  readonly required?: boolean;
  readonly oneOf?: readonly string[];
  readonly refused?: readonly string[];
}

/**
 * Checks the parameters of a management call. Names are case-sensitive, and unknown ones are ignored (assumed).
 *
 * @throws ServiceError InvalidArgument, or NotImplemented for accounts inside a user
 */
export function checkParameters(
  operation: string,
  request: ServiceRequest,
  { putIgnoresKeys }: Assumptions,
): void {
  const { who, required, oneOf = [], ...rule } = rules[operation] ?? { who: [] };
  const refused = operation === "createUser" && putIgnoresKeys ? [] : (rule.refused ?? []);
  const sent = (names: readonly string[]) => names.filter((name) => hasParameter(request, name));
  for (const names of [sent(who), sent(oneOf)]) {
    if (names.length > 1) throw invalid(`${names.join(" and ")} exclude each other`);
    if (names.some((name) => isRepeated(request, name)))
      throw invalid(`${names.join()} is repeated`);
  }
  const [unwanted] = sent(refused);
  if (unwanted !== undefined) throw invalid(`${unwanted} is not allowed with ${operation}`);
  if (required && sent(who).length === 0) throw invalid(`${who.join(" or ")} is required`);
  const mayBeEmpty = operation === "listBuckets" ? ["multi", "emailAddress"] : [];
  checkValues(
    request,
    who.filter((name) => !mayBeEmpty.includes(name)),
  );
  if (hasParameter(request, "accountName")) throw notEmulated("Accounts inside a user");
}

/** The error for a service or parameter that is not emulated. */
export function notEmulated(what: string): ServiceError {
  return new ServiceError("NotImplemented", `${what} are not part of the emulator`);
}

function checkValues(request: ServiceRequest, who: readonly string[]): void {
  for (const name of [...who, "revokeKey"]) {
    if (parameter(request, name) === "") throw invalid(`${name} is empty`);
  }
}

function isRepeated(request: ServiceRequest, name: string): boolean {
  return request.parameters.filter((each) => each.name === name).length > 1;
}

function invalid(reason: string): ServiceError {
  return new ServiceError("InvalidArgument", `Wrong set of parameters: ${reason}`);
}
