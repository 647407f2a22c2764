import { failure, type Message } from "../../../provider/text/message";
import { stackFlag } from "../../lines";
import { count } from "../../messages";

/** Why a resource was not compared: the end of a sentence that begins with "because". */
export const reasons = {
  secretProperty: (property: string) => `its ${property} is secret`,
  secretAddress: "its address is secret",
  secretEndpoint: "the endpoint of its provider is secret",
  beingReplaced: "a run that replaces it was interrupted",
  otherEndpoint: (endpoint: string) => `its provider is configured for ${endpoint}`,
  unclear: "the service answers 404 and lists the address",
  noBuckets: "the service does not list buckets",
};

const ofStack = (stack: string) => (stack === "" ? "" : ` of stack ${stack}`);

export const notCheckedResources = (resources: number, stack: string): Message => ({
  code: "not-checked",
  text: `${count(resources, "resource")}${ofStack(stack)} ${resources === 1 ? "was" : "were"} not checked`,
});

/** @param names - some of the names */
export const notChecked = (resources: number, names: readonly string[], reason: string) =>
  `Not checked, because ${reason}: ${names.join(", ")}${resources > names.length ? `, … (${resources} in all)` : ""}`;

/** @param confirm - the command that believes the cluster */
export const mostlyGone = (
  numbers: { gone: number; compared: number },
  stack: string,
  confirm: string,
): Message => ({
  code: "mostly-gone",
  text: `${numbers.gone} of ${count(numbers.compared, "resource")}${ofStack(stack)} ${numbers.gone === 1 ? "was" : "were"} not found; check that the endpoint is the cluster of this stack; if they were deleted, run: ${confirm}`,
});

export const comparedWithState = (stack: string) =>
  `This compares the cluster with the state of the stack. To compare it with the program too, run: pulumi preview --refresh --expect-no-changes${stackFlag(stack)}`;

export const otherUserId = (address: string, found: string) =>
  `${address} is the address of another user now, with the id ${found}.`;

export const runPending = (operations: number) =>
  `The state contains ${count(operations, "operation")} of a run that is in progress or was interrupted: what that run changed may be listed as drift.`;

export const notOfLog = (flags: readonly string[]) =>
  `${flags.join(", ")} ${flags.length === 1 ? "is" : "are"} not used with an event log`;

export const oneStackOfLog = "an event log is of one stack: give --stack once";

export const badPeriod = 'It must be a period such as "5m", in s, m, h or d, at most 24d.';

export const badWebhook = "It must be an http:// or https:// address.";

/** @param origin - scheme, host and port: the rest of the address may be a secret */
export const webhookFailed = (origin: string, reason: string) =>
  failure("webhook-failed", `post the report to ${origin}: ${reason}`);

export const metricsNotWritten = (path: string, reason: string) =>
  failure("metrics-not-written", `write ${path}: ${reason}`);

/** Help texts of the metrics. */
export const metricHelp = {
  tenants: "Users in the state of the stack.",
  drifted: "Users, keys and buckets of the stack that differ on the cluster.",
  lastSuccess: "When the cluster was last compared, in seconds since 1970.",
  seconds: "How long the comparison took.",
};
