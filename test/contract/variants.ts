import { profiles } from "../../emulator";
import type { Assumptions } from "../../emulator/assumptions";
import type { RawSettings } from "../../provider/settings/settings";

/** A possible release of the service: assumptions of the emulator, and the settings that the release needs. */
export interface Variant {
  name: string;
  assumptions: Partial<Assumptions>;
  settings?: RawSettings;
}

const putKeys = { dialect: "put" };

/** The profiles of the emulator. */
export const generations: readonly Variant[] = [
  { name: "the profile seed", assumptions: profiles.seed },
  { name: "the profile acronis-2", assumptions: profiles["acronis-2"], settings: putKeys },
  { name: "the profile vhi-7", assumptions: profiles["vhi-7"] },
];

const errorFormats = (["json", "headers", "none"] as const).map((errorFormat) => ({
  name: `errors in ${errorFormat === "none" ? "the status only" : errorFormat}`,
  assumptions: { errorFormat },
}));

const statuses = [200, 203, 204].map((status) => ({
  name: `the status ${status} after every write`,
  assumptions: { deleteStatus: status, revokeStatus: status, enableDisableStatus: status },
}));

const signatures = (["v2", "v4"] as const).flatMap((version) => [
  {
    name: `only signature ${version}`,
    assumptions: { signatureVersions: [version] },
  },
  {
    name: `only signature ${version}, and a 403 without a body for others`,
    assumptions: { signatureVersions: [version], errorFormat: "none" as const },
  },
]);

/** Single deviations from the defaults, where guides disagree or are silent. */
export const switches: readonly Variant[] = [
  { name: 'lists as {"Users": […]}', assumptions: { listShape: "object" } },
  { name: "lists with keys", assumptions: { listKeys: true } },
  { name: "lists without states", assumptions: { listedStates: false } },
  { name: "genKey that returns all keys", assumptions: { genKeyReply: "all" } },
  { name: "users without a state", assumptions: { statesShown: false } },
  { name: "secrets that cannot be read again", assumptions: { secretsReadable: false } },
  { name: "accounts in users", assumptions: { accountFields: true } },
  {
    name: "only signature v2, and InvalidArgument for others",
    assumptions: { signatureVersions: ["v2"], unsupportedSignatureCode: "InvalidArgument" },
  },
  ...statuses,
  ...signatures,
  ...errorFormats,
  { name: "addresses folded to lower case", assumptions: { foldAddressCase: true } },
  { name: "a last key that cannot be revoked", assumptions: { lastKeyRevocable: false } },
  {
    name: "keys only by PUT",
    assumptions: { keysByPut: true, keysByPost: false },
    settings: putKeys,
  },
  { name: "keys by PUT or POST", assumptions: { keysByPut: true } },
  { name: "200 for a user that exists", assumptions: { existingUserStatus: 200 } },
  { name: "400 for a user that exists", assumptions: { existingUserStatus: 400 } },
  { name: "400 for a third key", assumptions: { thirdKeyStatus: 400 } },
  { name: "400 for an unknown key", assumptions: { unknownKeyStatus: 400 } },
  { name: "400 for a change to an unknown user", assumptions: { missingUserStatus: 400 } },
  { name: "409 for an unchanged state", assumptions: { sameStateStatus: 409 } },
  { name: "401 for disabled users", assumptions: { disabledUserStatus: 401 } },
  { name: "400 for the deletion of an owner", assumptions: { userWithBucketsStatus: 400 } },
  { name: "no buckets as an empty list", assumptions: { missingIsEmptyList: true } },
  { name: "lists without the system user", assumptions: { systemUserListed: false } },
  { name: "no system flag", assumptions: { systemFlag: "" } },
  { name: "keys of disabled users that cannot change", assumptions: { keysInDisabledUser: false } },
  { name: "any text as an address", assumptions: { checkAddresses: false } },
  { name: "a bare + that is a space", assumptions: { plusIsSpace: true } },
  { name: "flags in lists", assumptions: { listedFlags: true } },
  {
    name: "buckets that only their owners can access",
    assumptions: { systemUserDeletesBuckets: false },
  },
  { name: "stale reads", assumptions: { lagMs: 20 } },
];
