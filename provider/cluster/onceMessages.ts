import { failure, textOf } from "../text/message";

export const outcomeUnknown = (first: unknown, second: unknown, fix: string) =>
  failure(
    "outcome-unknown",
    `${textOf(first)}; whether it was carried out could not be read (${textOf(second)}); ${fix}`,
    second,
  );

export const stoppedBefore = (attempt: string) =>
  failure("run-stopped", `${attempt}: the run was interrupted; nothing was created`);

const stopped = (attempt: string) =>
  `${attempt}: the run was interrupted before this could be recorded`;

export const stoppedUnproved = (attempt: string, fix: string) =>
  failure("run-stopped", `${stopped(attempt)}; it exists and was left as it is; ${fix}`);

export const undone = (attempt: string) =>
  failure("run-stopped", `${stopped(attempt)}; it was deleted again`);

export const notUndone = (attempt: string, fix: string, reason: string, cause: unknown) =>
  failure(
    "run-stopped",
    `${stopped(attempt)}; it could not be deleted again (${reason}); ${fix}`,
    cause,
  );
