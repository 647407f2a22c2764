import { setCommand, type SettingName } from "./names";
import { maxSeconds, type Settings } from "./settings";

const stored =
  "refresh and destroy use the settings of the last up: after a change run pulumi up, or add --run-program";

/** The commands that set some settings, to append to a hint. */
export function setCommands(
  settings: Settings | undefined,
  names: SettingName[],
  value?: string,
): string {
  if (settings?.explicit === true) return ` given to ostor.Provider; ${stored}`;
  const given = names.map((name) => setCommand(settings?.origin, name, value));
  return `: ${given.join(" and ")}${noteOf(settings)}`;
}

/** The command that sets the dialect, to append to a condition. */
export function toDialect(settings: Settings, dialect: Settings["dialect"]): string {
  return settings.explicit
    ? `, give dialect: "${dialect}" to ostor.Provider; ${stored}`
    : `: ${setCommand(settings.origin, "dialect", dialect)}${noteOf(settings)}`;
}

/** The commands that set the key which signs requests, to append to a condition. */
export function toCredentials(settings: Settings): string {
  return setCommands(settings, ["accessKeyId", "secretAccessKey"]);
}

/** The command that sets the endpoint, as a hint of its own. */
export function toEndpoint(settings: Settings | undefined, endpoint: string): string {
  return settings?.explicit === true
    ? `give ostor.Provider the endpoint ${endpoint}`
    : setCommand(settings?.origin, "endpoint", endpoint);
}

/**
 * The command that doubles a time limit, appended to an offer; empty if the limit cannot be raised as far as needed.
 *
 * @param neededSeconds - the least that helps
 */
export function longerLimit(
  settings: Settings | undefined,
  name: keyof typeof maxSeconds,
  offer: string,
  neededSeconds = 0,
): string {
  const max = maxSeconds[name];
  if (!settings || settings[name] >= max || neededSeconds > max) return "";
  const doubled = 2 * Math.max(settings.timeoutSeconds, settings[name]);
  const seconds = Math.min(Math.max(doubled, Math.ceil(neededSeconds)), max);
  return `${offer}${setCommands(settings, [name], String(seconds))}`;
}

/** A command of `npx pulumi-ostor` uses the current settings; a run may use those of the last `up`. */
function noteOf(settings: Settings | undefined): string {
  return settings !== undefined && settings.origin === undefined ? `; ${stored}` : "";
}
