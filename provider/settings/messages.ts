import { failure, type Message } from "../text/message";
import { plain } from "../text/plain";
import { environmentName, setCommand, settingNames, type Origin, type SettingName } from "./names";
import type { UnknownSetting } from "./unknownSettings";

export const settingsUnknown = () =>
  failure("settings-unknown", "the settings of ostor are not known yet");

/** @param problems - one sentence for each setting that is missing or malformed */
export const invalidSettings = (...problems: string[]) =>
  failure("invalid-setting", problems.join("; "));

/** Where a setting comes from: an explicit provider, or else the configuration or a flag of a command. */
export interface Source {
  isExplicit: boolean;
  origin: Origin | undefined;
}

/** @param found - what is wrong with the setting: `is not set`, or `must be …, is …` */
export function settingProblem(name: SettingName, found: string, { isExplicit, origin }: Source) {
  const flag = origin?.given?.[name];
  if (flag !== undefined) return `${flag} ${found}`;
  return isExplicit
    ? `ostor.Provider: ${name} ${found}; give it in the provider's arguments`
    : `ostor:${name} ${found}; run: ${setCommand(origin, name)} (or set ${environmentName(name)})`;
}

/** What is wrong with a setting; its value is printed unless it may be a secret. */
export function settingFound(rule: string, value: string | undefined, isPrintable: boolean) {
  if (value === undefined) return "is not set";
  return isPrintable ? `${rule}, is ${plain(JSON.stringify(value))}` : rule;
}

export const noCertificate = (file: string) =>
  invalidSettings(`caFile ${file} contains no certificate in PEM form`);

/** One line for each name that is not a setting. */
export function describeUnknown({ written, meant }: UnknownSetting): string {
  return meant === undefined
    ? `${written} is not a setting and has no effect; the settings are ${settingNames.join(", ")}`
    : `${written} is not a setting and has no effect; did you mean ${meant}?`;
}

/** The endpoint of some settings, and where they come from. */
interface Endpoint {
  endpoint: string;
  explicit: boolean;
  origin?: Origin | undefined;
}

const prefix = (explicit: boolean) => (explicit ? "ostor.Provider: " : "ostor:");

/** Requests go over the network without TLS. */
export function plainHttp({ endpoint, explicit, origin }: Endpoint): Message {
  const https = endpoint.replace("http:", "https:");
  const fix = explicit
    ? `give it ${https}, if the service has https`
    : `if the service has https: ${setCommand(origin, "endpoint", https)}`;
  return {
    code: "unsafe-settings",
    text: `${prefix(explicit)}endpoint is ${endpoint}: without https, others on the network can read the secrets of users; ${fix}`,
  };
}

/** Requests go over TLS without a check of the certificate. */
export function uncheckedCertificate({ endpoint, explicit, origin }: Endpoint): Message {
  const fix = explicit ? "give caFile or caPem" : setCommand(origin, "caFile");
  return {
    code: "unsafe-settings",
    text: `${prefix(explicit)}insecure is true: no certificate is checked, and a server that poses as ${endpoint} gets the secrets of users; trust its certificate instead: ${fix}`,
  };
}
