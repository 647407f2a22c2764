import { changeOf, type SettingName } from "./names";
import { mostSeconds, type Settings } from "./settings";

const stored =
  "refresh and destroy use the settings of the last up: after a change run pulumi up, or add --run-program";

/** The commands that change settings, to append to a hint. */
export function commands(
  settings: Settings | undefined,
  names: SettingName[],
  value?: string,
): string {
  if (settings?.explicit === true) return ` given to ostor.Provider; ${stored}`;
  const given = names.map((name) => changeOf(settings?.origin, name, value));
  return `: ${given.join(" and ")}${noteOf(settings)}`;
}

/** The change that generates and revokes keys by the other verb, to append to a condition. */
export function toDialect(settings: Settings, dialect: Settings["dialect"]): string {
  return settings.explicit
    ? `, give dialect: "${dialect}" to ostor.Provider; ${stored}`
    : `: ${changeOf(settings.origin, "dialect", dialect)}${noteOf(settings)}`;
}

/** The change that signs requests with another key, to append to a condition. */
export function toCredentials(settings: Settings): string {
  return commands(settings, ["accessKeyId", "secretAccessKey"]);
}

/** The command that sets the endpoint. */
export function toEndpoint(settings: Settings | undefined, endpoint: string): string {
  return settings?.explicit === true
    ? `give ostor.Provider the endpoint ${endpoint}`
    : changeOf(settings?.origin, "endpoint", endpoint);
}

/**
 * The command that doubles a time limit, after an offer; empty if the limit cannot be longer, or not as long as wanted.
 *
 * @param wantedSeconds - what it must be at least
 */
export function longer(
  settings: Settings | undefined,
  name: keyof typeof mostSeconds,
  offer: string,
  wantedSeconds = 0,
): string {
  const most = mostSeconds[name];
  if (!settings || settings[name] >= most || wantedSeconds > most) return "";
  const doubled = 2 * Math.max(settings.timeoutSeconds, settings[name]);
  const seconds = Math.min(Math.max(doubled, Math.ceil(wantedSeconds)), most);
  return `${offer}${commands(settings, [name], String(seconds))}`;
}

/** A command line reads the settings of today, a stack those of its last `up`. */
function noteOf(settings: Settings | undefined): string {
  return settings !== undefined && settings.origin === undefined ? `; ${stored}` : "";
}
