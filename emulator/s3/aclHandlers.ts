import { z } from "zod";

import { type CannedAcl, cannedAcls, isCannedAcl } from "../acls";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, emptyAnswer, xmlAnswer } from "../http/answer";
import { parameter, type ServiceRequest } from "../http/request";
import { replaceVersion } from "../objects";
import { ownBucket } from "./access";
import { storedVersion } from "./readHandlers";
import { resourceOf } from "./resource";
import { document, element, leaf, malformed, ownerXml, parseXml } from "./xml";

/** Group and permission, separated by a space. */
type Grant = string;

const groups = "http://acs.amazonaws.com/groups/global/";

/** The grants of each list to users other than the owner. */
const grants: Record<CannedAcl, readonly Grant[]> = {
  private: [],
  "public-read": ["AllUsers READ"],
  "public-read-write": ["AllUsers READ", "AllUsers WRITE"],
  "authenticated-read": ["AuthenticatedUsers READ"],
  "bucket-owner-read": [],
  "bucket-owner-full-control": [],
};

const grant = z.object({
  Grantee: z.object({ ID: z.string().optional(), URI: z.string().optional() }),
  Permission: z.string(),
});
const policy = z.object({
  AccessControlPolicy: z.object({
    AccessControlList: z.union([z.literal(""), z.object({ Grant: z.array(grant) })]),
  }),
});

/** GET /bucket?acl */
export function getBucketAcl(context: Context): Answer {
  return aclAnswer(context, ownBucket(context).acl);
}

/** PUT /bucket?acl with the list in a header or in the body. */
export function putBucketAcl(context: Context): Answer {
  context.service.buckets.setAcl(ownBucket(context), requestedAcl(context));
  return emptyAnswer(200);
}

/** GET /bucket/key?acl */
export function getObjectAcl(context: Context): Answer {
  return aclAnswer(context, wantedVersion(context).acl);
}

/** PUT /bucket/key?acl */
export function putObjectAcl(context: Context): Answer {
  const version = wantedVersion(context);
  const acl = requestedAcl(context);
  const { key } = resourceOf(context.request);
  replaceVersion(context.service, ownBucket(context), key, version, { ...version, acl });
  return emptyAnswer(200);
}

/** The list in `x-amz-acl`. @throws ServiceError InvalidArgument for an unknown list */
export function aclHeader({ headers }: ServiceRequest): CannedAcl {
  const text = headers.get("x-amz-acl") ?? "private";
  if (isCannedAcl(text)) return text;
  const message = `x-amz-acl must be one of ${cannedAcls.join(", ")}, not ${text}`;
  throw new ServiceError("InvalidArgument", message);
}

function wantedVersion(context: Context) {
  const { request } = context;
  const { key } = resourceOf(request);
  return storedVersion(ownBucket(context), key, parameter(request, "versionId"));
}

function requestedAcl(context: Context): CannedAcl {
  const { request, caller } = context;
  if (request.headers.has("x-amz-acl") || request.body.length === 0) return aclHeader(request);
  const parsed = policy.safeParse(parseXml(request.body));
  if (!parsed.success) throw malformed();
  const { AccessControlList: list } = parsed.data.AccessControlPolicy;
  const wanted = (list === "" ? [] : list.Grant).map(({ Grantee, Permission }) => {
    return `${Grantee.URI?.replace(groups, "") ?? Grantee.ID ?? ""} ${Permission}`;
  });
  const owner = `${caller.userId} FULL_CONTROL`;
  const canned = cannedAcls.find((name) => isSameSet([owner, ...grants[name]], wanted));
  if (canned) return canned;
  const message = `The emulator only stores the access lists ${cannedAcls.join(", ")}`;
  throw new ServiceError("NotImplemented", message);
}

function isSameSet(left: readonly Grant[], right: readonly Grant[]): boolean {
  return left.length === new Set(right).size && left.every((each) => right.includes(each));
}

function aclAnswer({ caller }: Context, acl: CannedAcl): Answer {
  const owner = grantXml("CanonicalUser", leaf("ID", caller.userId), "FULL_CONTROL");
  const others = grants[acl].map((each) => {
    const [group = "", permission = ""] = each.split(" ");
    return grantXml("Group", leaf("URI", `${groups}${group}`), permission);
  });
  const list = element("AccessControlList", owner, ...others);
  return xmlAnswer(document("AccessControlPolicy", ownerXml(caller), list));
}

function grantXml(type: string, who: string, permission: string): string {
  const attributes = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"`;
  return element(
    "Grant",
    `<Grantee ${attributes}>${who}</Grantee>`,
    leaf("Permission", permission),
  );
}
