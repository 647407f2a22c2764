import { warn } from "../text/print";
import type { Settings } from "./settings";
import { changeOf } from "./names";

const told = new Set<string>();

/** Warns of settings that let others on the network read secrets: once per process, not once per resource. */
export function warnOfUnsafe(settings: Settings): void {
  const message = describeUnsafe(settings);
  if (message === undefined || told.has(message)) return;
  told.add(message);
  warn({ code: "unsafe-settings", text: message });
}

/** What in the settings lets others on the network read secrets, and what mends it; undefined when nothing does. */
export function describeUnsafe(settings: Settings): string | undefined {
  const { endpoint, insecure, explicit, origin } = settings;
  const { protocol, hostname } = new URL(endpoint);
  const prefix = explicit ? "ostor.Provider: " : "ostor:";
  if (protocol === "http:") {
    if (isThisMachine(hostname)) return undefined;
    return `${prefix}endpoint is ${endpoint}: without https everybody on the way there can read the secrets of users; where it has https${explicit ? ", give that" : `: ${changeOf(origin, "endpoint", endpoint.replace("http:", "https:"))}`}`;
  }
  if (!insecure) return undefined;
  const way = explicit ? "give caFile or caPem" : changeOf(origin, "caFile");
  return `${prefix}insecure is true: no certificate is checked, and whoever poses as ${endpoint} gets the secrets of users; trust its certificate instead: ${way}`;
}

function isThisMachine(hostname: string): boolean {
  return /^(127(\.\d+){3}|(.+\.)?localhost|\[::1\])$/.test(hostname);
}
