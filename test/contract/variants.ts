import { profiles } from "../../emulator";
import type { Assumptions } from "../../emulator/assumptions";
import type { RawSettings } from "../../provider/settings/settings";

/** A service as some release may be: the emulator with assumptions, and the settings that such a release needs. */
export interface Variant {
  name: string;
  assumptions: Partial<Assumptions>;
  settings?: RawSettings;
}

const putKeys = { dialect: "put" };

/** The generations that the emulator knows by name. */
export const generations: readonly Variant[] = [
  { name: "the profile seed", assumptions: profiles.seed },
  { name: "the profile acronis-2", assumptions: profiles["acronis-2"], settings: putKeys },
  { name: "the profile vhi-7", assumptions: profiles["vhi-7"] },
];

const errorFormats = (["json", "headers", "none"] as const).map((errorFormat) => ({
  name: `errors in ${errorFormat === "none" ? "the bare status" : errorFormat}`,
  assumptions: { errorFormat },
}));

const statuses = [200, 203, 204].map((status) => ({
  name: `the status ${status} after every write`,
  assumptions: { deleteStatus: status, revokeStatus: status, enableDisableStatus: status },
}));

const signatures = (["v2", "v4"] as const).flatMap((version) => [
  {
    name: `signature ${version} alone`,
    assumptions: { signatureVersions: [version] },
  },
  {
    name: `signature ${version} alone, refused with a bare 403`,
    assumptions: { signatureVersions: [version], errorFormat: "none" as const },
  },
]);

/** One thing apart from the defaults at a time, where guides disagree or say nothing. */
export const switches: readonly Variant[] = [
  { name: 'lists as {"Users": […]}', assumptions: { listShape: "object" } },
  { name: "lists with keys", assumptions: { listKeys: true } },
  { name: "lists without states", assumptions: { listedStates: false } },
  { name: "genKey that answers all pairs", assumptions: { genKeyReply: "all" } },
  { name: "users without a state", assumptions: { statesShown: false } },
  { name: "secrets that can't be read again", assumptions: { secretsReadable: false } },
  { name: "accounts in users", assumptions: { accountFields: true } },
  {
    name: "signature v2 alone, any other taken for a wrong argument",
    assumptions: { signatureVersions: ["v2"], unsupportedSignatureCode: "InvalidArgument" },
  },
  ...statuses,
  ...signatures,
  ...errorFormats,
  { name: "addresses folded to lower case", assumptions: { foldAddressCase: true } },
  { name: "a last pair that can't be revoked", assumptions: { lastKeyRevocable: false } },
  {
    name: "keys by PUT alone",
    assumptions: { keysByPut: true, keysByPost: false },
    settings: putKeys,
  },
  { name: "keys by PUT or POST", assumptions: { keysByPut: true } },
  { name: "200 for a user who exists", assumptions: { existingUserStatus: 200 } },
  { name: "400 for a user who exists", assumptions: { existingUserStatus: 400 } },
  { name: "400 for a third pair", assumptions: { thirdKeyStatus: 400 } },
  { name: "400 for an unknown key", assumptions: { unknownKeyStatus: 400 } },
  { name: "400 for a change to nobody", assumptions: { missingUserStatus: 400 } },
  { name: "409 for a state that holds already", assumptions: { sameStateStatus: 409 } },
  { name: "401 for the disabled", assumptions: { disabledUserStatus: 401 } },
  { name: "400 for an owner's deletion", assumptions: { userWithBucketsStatus: 400 } },
  { name: "no buckets as an empty list", assumptions: { missingIsEmptyList: true } },
  { name: "the system user left out of lists", assumptions: { systemUserListed: false } },
  { name: "no system flag", assumptions: { systemFlag: "" } },
  { name: "frozen keys of the disabled", assumptions: { keysInDisabledUser: false } },
  { name: "any text as an address", assumptions: { checkAddresses: false } },
  { name: "a bare + that is a space", assumptions: { plusIsSpace: true } },
  { name: "flags in lists", assumptions: { listedFlags: true } },
  { name: "buckets for their owners alone", assumptions: { systemUserDeletesBuckets: false } },
  { name: "reads that are late", assumptions: { lagMs: 20 } },
];
