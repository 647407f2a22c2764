import { createBuckets } from "../../provider/api/buckets";
import { decode } from "../../provider/api/decode";
import { queryPath } from "../../provider/api/path";
import { apiUser } from "../../provider/api/schemas";
import type { Send } from "../../provider/api/send";
import type { Settings } from "../../provider/settings/settings";
import { failed, notTried, ok, warning, type AnswerCheck, type Finding } from "./finding";
import { fixFor, problemOf } from "./hint";
import {
  bucketsListed,
  checkService,
  dialectOf,
  emptyList,
  fieldList,
  otherDialect,
  readableById,
  userList,
  withoutSecrets,
} from "./messages";
import type { UserList } from "./signature";
import { changeOfSetting, type Sources } from "./sources";

/** The checks of this file. */
export const answerChecks: AnswerCheck[] = ["users", "one user", "buckets", "dialect"];

/** JSON as the service returned it. */
type Json = Record<string, unknown>;

/** Reports what the service's answers contain, and what to do about what they do not. Only reads. */
export async function checkAnswers(
  send: Send,
  { answer, users }: UserList,
  settings: Settings,
  sources: Sources,
): Promise<Finding[]> {
  const list = JSON.parse(answer.body) as unknown;
  const items = itemsOf(list);
  const userIds = users.map(({ userId }) => userId);
  const orFailure = (check: AnswerCheck) => (error: unknown) => [
    failed(check, problemOf(error, fixFor(error, settings, sources, checkService), settings)),
  ];
  return [
    ok("users", userList(Array.isArray(list), items.length, fieldsOf(items))),
    ...(await checkOneUser(send, userIds).catch(orFailure("one user"))),
    ...(await checkBuckets(send).catch(orFailure("buckets"))),
    ...checkDialect(items, settings, sources),
  ];
}

/** The list, which may be beside other fields. */
function itemsOf(list: unknown): Json[] {
  const { Users, users } = list as Json;
  return ([list, Users, users].find((each) => Array.isArray(each)) ?? []) as Json[];
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function fieldsOf(items: Json[]): string {
  const has = (field: string) => items.some((item) => isPresent(item[field]));
  const keys = keysOf(items);
  const fields = [
    ["states", has("State")],
    ["flags", has("Flags")],
    ["keys", keys.length > 0],
    ["secrets", keys.some(hasSecret)],
  ] as const;
  const names = (wanted: boolean) =>
    fields.filter(([, isThere]) => isThere === wanted).map(([name]) => name);
  return fieldList(names(true), names(false));
}

function keysOf(items: Json[]): Json[] {
  return items.flatMap((item) => (item["AWSAccessKeys"] ?? []) as Json[]);
}

function hasSecret(key: Json): boolean {
  return Boolean(key["AWSSecretAccessKey"]);
}

/** The first user with keys among so many is checked. */
const usersToRead = 5;

async function checkOneUser(send: Send, userIds: string[]): Promise<Finding[]> {
  if (userIds.length === 0) return notTried(["one user"], emptyList);
  let item: Json = {};
  for (const userId of userIds.slice(0, usersToRead)) {
    item = await readUser(send, userId);
    if (keysOf([item]).length > 0) break;
  }
  const text = readableById(fieldsOf([item]));
  const keys = keysOf([item]);
  const isWithoutSecrets = keys.length > 0 && !keys.some(hasSecret);
  return [isWithoutSecrets ? warning("one user", withoutSecrets(text)) : ok("one user", text)];
}

async function readUser(send: Send, userId: string): Promise<Json> {
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
  return JSON.parse(answer.body) as Json;
}

async function checkBuckets(send: Send): Promise<Finding[]> {
  const { length } = await createBuckets(send).listBuckets();
  return [ok("buckets", bucketsListed(length))];
}

/** A request would change keys, so the dialect is only guessed from what lists contain. */
function checkDialect(items: Json[], { dialect }: Settings, sources: Sources): Finding[] {
  if (items.length === 0) return notTried(["dialect"], emptyList);
  const looksOld = items.every((item) => !isPresent(item["State"]) && !isPresent(item["Flags"]));
  const fitting = looksOld ? "put" : "post";
  const text = dialectOf(dialect.toUpperCase(), looksOld);
  if (dialect === fitting) return [ok("dialect", text)];
  const command = changeOfSetting(sources, "dialect", fitting);
  return [warning("dialect", otherDialect(text, looksOld, command))];
}
