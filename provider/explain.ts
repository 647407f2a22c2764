import { ApiError, isNotFound, isRejected, isTransient, NetworkError, plain } from "./api/errors";
import { networkHint } from "./networkHint";
import { changeOf } from "./settingNames";
import { mostSeconds, type SettingName, type Settings } from "./settings";

/**
 * A failure as one line that says what mends it. Trouble with connection and credentials is a matter of
 * settings, and `refresh` and `destroy` run with those that the last `up` stored: that is said too.
 */
export function explain(error: unknown, settings: Settings | undefined): string {
  // Names and ids come from a foreign server: nothing in them may steer a terminal.
  const message = withoutSecret(
    plain(error instanceof Error ? error.message : String(error)),
    settings,
  );
  const hint = hintFor(rootOf(error), settings);
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** Any field of an answer may echo the administrator's secret, on a server made to find it in a log. */
function withoutSecret(message: string, settings: Settings | undefined): string {
  const secret = settings?.secretAccessKey ?? "";
  // Letters of a toy's secret are in every word.
  return secret.length < 8 ? message : message.replaceAll(secret, "[secret]");
}

/** The failure of a request that lies beneath a half-made resource or a refusal. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

function hintFor(error: unknown, settings: Settings | undefined): string | undefined {
  if (error instanceof ApiError && error.code === "RequestTimeTooSkewed") {
    return "the clocks of this machine and of the service differ too much: set this machine's clock";
  }
  if (isRejected(error)) {
    const credentials = commands(settings, ["accessKeyId", "secretAccessKey"]);
    return `check the credentials of a system user${credentials}${otherVersion(settings)}`;
  }
  if (error instanceof NetworkError) {
    return networkHint(error, settings, {
      change: (name) => commands(settings, [name]),
      longer: (name, offer) => longer(settings, name, offer),
    });
  }
  if (error instanceof ApiError && error.redirect !== undefined) {
    return redirectHint(error.redirect, settings);
  }
  const dialect = settings && otherDialect(error, settings);
  if (dialect !== undefined) return dialect;
  if (isForeign(error)) {
    return `no ostor service answers that; check the endpoint${commands(settings, ["endpoint"])}`;
  }
  if (settings && error instanceof ApiError && isLongerThanDeadline(error, settings)) {
    const wanted = (error.retryAfterMs ?? 0) / 1000 + settings.timeoutSeconds;
    return `that is longer than one operation may take: try again later${longer(settings, "deadlineSeconds", ", or allow more", wanted)}`;
  }
  if (error instanceof ApiError && error.status === 429) {
    return "it is asked too much: try again later, or lower maxConcurrency";
  }
  return isTransient(error) ? "the service is in trouble: try again later" : undefined;
}

/** Where one signature version is forced, the service may take the other alone. */
function otherVersion(settings: Settings | undefined): string {
  if (!settings || settings.signatureVersion === "auto") return "";
  const { signatureVersion } = settings;
  return `; or, as signatureVersion is ${signatureVersion}, let it be found out${commands(settings, ["signatureVersion"], "auto")}`;
}

/** A redirect is not followed; a target that may be the cluster can be set. */
function redirectHint(target: string, settings: Settings | undefined): string | undefined {
  if (target === "" || target === settings?.endpoint) return undefined;
  const command =
    settings?.explicit === true
      ? `give ostor.Provider the endpoint ${target}`
      : changeOf(settings?.origin, "endpoint", target);
  return `if that is the cluster: ${command}`;
}

/** Where not even a list is to be had, something else answers. */
function isForeign(error: unknown): boolean {
  const isList = error instanceof ApiError && /^list (users|buckets): /.test(error.message);
  return isList && isNotFound(error);
}

/** What a refused change of keys may come of: releases take keys by PUT alone, or by POST alone. */
function otherDialect(error: unknown, settings: Settings): string | undefined {
  const isOfKeys = error instanceof ApiError && /^(generate a key|revoke key) /.test(error.message);
  if (!isOfKeys) return undefined;
  const { dialect } = settings;
  const refusals = dialect === "post" ? [400, 405, 501] : [400, 405, 409, 501];
  if (!refusals.includes(error.status)) return undefined;
  return dialect === "post"
    ? `releases 2.x take keys by PUT; if this is one${toDialect(settings, "put")}`
    : `releases 2.x alone take keys by PUT; if this is another${toDialect(settings, "post")}`;
}

/**
 * The command that doubles a time, with an offer before it; nothing where that can't be longer, or as long as is wanted.
 *
 * @param wantedSeconds - what it must be at least
 */
function longer(
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

function isLongerThanDeadline({ retryAfterMs = 0 }: ApiError, settings: Settings): boolean {
  const { deadlineSeconds, timeoutSeconds } = settings;
  return retryAfterMs >= Math.max(deadlineSeconds, timeoutSeconds) * 1000;
}

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

function commands(settings: Settings | undefined, names: SettingName[], value?: string): string {
  if (settings?.explicit === true) return ` given to ostor.Provider; ${stored}`;
  const given = names.map((name) => changeOf(settings?.origin, name, value));
  return `: ${given.join(" and ")}${noteOf(settings)}`;
}

/** A command line of ours reads the settings of today. */
function noteOf(settings: Settings | undefined): string {
  return settings !== undefined && settings.origin === undefined ? `; ${stored}` : "";
}
