import type { Message } from "../text/message";
import { warn } from "../text/print";
import { plainHttp, uncheckedCertificate } from "./messages";
import type { Settings } from "./settings";

const printed = new Set<string>();

/** Warns of settings that let others on the network read secrets: once per process, not once per resource. */
export function warnOfUnsafe(settings: Settings): void {
  const message = unsafeSetting(settings);
  if (message === undefined || printed.has(message.text)) return;
  printed.add(message.text);
  warn(message);
}

/** The setting that lets others on the network read secrets, and its fix; undefined if there is none. */
export function unsafeSetting(settings: Settings): Message | undefined {
  const { protocol, hostname } = new URL(settings.endpoint);
  if (protocol === "http:") return isThisMachine(hostname) ? undefined : plainHttp(settings);
  return settings.insecure ? uncheckedCertificate(settings) : undefined;
}

function isThisMachine(hostname: string): boolean {
  return /^(127(\.\d+){3}|(.+\.)?localhost|\[::1\])$/.test(hostname);
}
