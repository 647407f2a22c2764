import { changeOf } from "./names";
import type { SettingName, Settings } from "./settings";

/** How to say a condition's consequence: that keys are to be changed in the other way. */
export function toDialect(settings: Settings, dialect: Settings["dialect"]): string {
  return settings.explicit
    ? `, give dialect: "${dialect}" to ostor.Provider; ${stored}`
    : `: ${changeOf(settings.origin, "dialect", dialect)}${noteOf(settings)}`;
}

/** How to say a condition's consequence: that requests are to be signed with another key. */
export function toCredentials(settings: Settings): string {
  return commands(settings, ["accessKeyId", "secretAccessKey"]);
}

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

/** A command line of ours reads the settings of today. */
function noteOf(settings: Settings | undefined): string {
  return settings !== undefined && settings.origin === undefined ? `; ${stored}` : "";
}
