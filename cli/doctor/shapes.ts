import { createBuckets } from "../../provider/api/buckets";
import { decode } from "../../provider/api/decode";
import { queryPath } from "../../provider/api/path";
import { apiUser } from "../../provider/api/schemas";
import type { Send } from "../../provider/api/send";
import type { Settings } from "../../provider/settings/settings";
import type { Finding, Shape } from "./finding";
import { hintOf } from "./hint";
import type { Listed } from "./signature";
import { mendOf, type Sources } from "./sources";

/** The checks of this file, for when none can be tried. */
export const shapes: Shape[] = ["users", "one user", "buckets", "dialect"];

type Wire = Record<string, unknown>;

/** Tells what the service's answers show, and what follows where they leave something out. Reads only. */
export async function checkShapes(
  send: Send,
  { answer, users }: Listed,
  settings: Settings,
  sources: Sources,
): Promise<Finding[]> {
  const list = JSON.parse(answer.body) as unknown;
  const items = itemsOf(list);
  return [
    checkList(Array.isArray(list), items),
    await checkOne(
      send,
      users.map(({ userId }) => userId),
    ).catch((error: unknown) => failed("one user", error, settings, sources)),
    await checkBuckets(send).catch((error: unknown) => failed("buckets", error, settings, sources)),
    checkDialect(items, settings, sources),
  ];
}

/** The list, wherever it stands beside other fields. */
function itemsOf(list: unknown): Wire[] {
  const { Users, users } = list as Wire;
  return ([list, Users, users].find((each) => Array.isArray(each)) ?? []) as Wire[];
}

function isTold(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function checkList(isBare: boolean, items: Wire[]): Finding {
  const form = isBare ? "a bare list" : "a list in an object";
  const told = `${form} of ${items.length} in JSON; it tells ${fieldsOf(items)}`;
  return {
    check: "users",
    verdict: "ok",
    told: items.length === 0 ? `${form}, without anybody` : told,
  };
}

function fieldsOf(items: Wire[]): string {
  const has = (field: string) => items.some((item) => isTold(item[field]));
  const pairs = items.flatMap((item) => (item["AWSAccessKeys"] ?? []) as Wire[]);
  const words = [
    ["states", has("State")],
    ["flags", has("Flags")],
    ["keys", pairs.length > 0],
    ["secrets", pairs.some((pair) => Boolean(pair["AWSSecretAccessKey"]))],
  ] as const;
  const told = words.filter(([, isThere]) => isThere).map(([word]) => word);
  const left = words.filter(([, isThere]) => !isThere).map(([word]) => word);
  return `${told.join(", ") || "ids"}${left.length === 0 ? "" : `, and no ${left.join(", ")}`}`;
}

/** Of so many users the first one who has keys is looked at. */
const looks = 5;

async function checkOne(send: Send, userIds: string[]): Promise<Finding> {
  const check = "one user" as const;
  if (userIds.length === 0)
    return { check, verdict: "not tried", told: "there is nobody to ask for" };
  let item: Wire = {};
  for (const userId of userIds.slice(0, looks)) {
    item = await readUser(send, userId);
    if (((item["AWSAccessKeys"] ?? []) as Wire[]).length > 0) break;
  }
  const told = `a user can be read by id; that tells ${fieldsOf([item])}`;
  const pairs = (item["AWSAccessKeys"] ?? []) as Wire[];
  const hides = pairs.length > 0 && pairs.every((pair) => !pair["AWSSecretAccessKey"]);
  if (!hides) return { check, verdict: "ok", told };
  const mend = "an adopted key comes without its secret: rotate it";
  return { check, verdict: "warning", told, mend };
}

async function readUser(send: Send, userId: string): Promise<Wire> {
  const path = queryPath("ostor-users", [["id", userId]]);
  const attempt = `read user ${userId}`;
  const call = {
    method: "GET",
    attempt,
    path,
    resource: "/?ostor-users",
    repeatable: true,
  } as const;
  const answer = await send(call);
  decode(attempt, answer, apiUser);
  return JSON.parse(answer.body) as Wire;
}

async function checkBuckets(send: Send): Promise<Finding> {
  const { length } = await createBuckets(send).listBuckets();
  return { check: "buckets", verdict: "ok", told: `${length} can be listed` };
}

/** Which verb changes keys can't be tried without changing some: what lists show tells it apart, mostly. */
function checkDialect(items: Wire[], { dialect }: Settings, sources: Sources): Finding {
  const check = "dialect" as const;
  if (items.length === 0)
    return { check, verdict: "not tried", told: "there is nobody to judge it by" };
  const looksOld = items.every((item) => !isTold(item["State"]) && !isTold(item["Flags"]));
  const fits = looksOld ? "put" : "post";
  const told = `keys are changed by ${dialect.toUpperCase()}; the answers are ${looksOld ? "like" : "not like"} those of releases 2.x, which take PUT`;
  if (dialect === fits) return { check, verdict: "ok", told };
  const mend = `if it is ${looksOld ? "one" : "none"}: ${mendOf(sources, "dialect", fits)}`;
  return { check, verdict: "warning", told, mend };
}

function failed(check: Shape, error: unknown, settings: Settings, sources: Sources): Finding {
  const told = error instanceof Error ? error.message : String(error);
  const otherwise = "is it the whole service, and not an older release?";
  return { check, verdict: "failed", told, mend: hintOf(error, settings, sources, otherwise) };
}
