const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

// "Thu, 07 Apr 2016 16:01:03 +0300", "… GMT", and "… GMT +3:00" as in the samples of the reference.
const mailDate =
  /^(?:[a-z]{3},\s*)?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d)(?: (?:GMT|UTC|UT|Z))?(?: ?([+-]\d{1,2}):?(\d\d))?$/i;
const basicDate = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Reads the date of a signed request. Clients send RFC 2822 with a numeric zone, or RFC 1123 in GMT. The S3
 * guide requires ISO 8601 basic, which Signature Version 4 uses.
 *
 * @returns milliseconds since 1970; undefined for any other text
 */
export function parseRequestDate(text: string): number | undefined {
  return parseMailDate(text) ?? parseBasicDate(text);
}

/** Reads `YYYYMMDDTHHMMSSZ`. */
export function parseBasicDate(text: string): number | undefined {
  const match = basicDate.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return utc(year, (month ?? 0) - 1, day, hour, minute, second);
}

function parseMailDate(text: string): number | undefined {
  const match = mailDate.exec(text);
  if (!match) return undefined;
  const [, day, month, year, hour, minute, second, zoneHours = "+0", zoneMinutes = "0"] = match;
  const numbers = [hour, minute, second].map(Number);
  const local = utc(
    Number(year),
    months.indexOf((month ?? "").toLowerCase()),
    Number(day),
    ...numbers,
  );
  const sign = zoneHours.startsWith("-") ? -1 : 1;
  const zone = Number(zoneHours) * 60 + sign * Number(zoneMinutes);
  return local === undefined ? undefined : local - zone * 60_000;
}

/** Returns undefined for dates that `Date.UTC` would roll over, such as 31 February. */
function utc(year = 0, month = -1, day = 0, hour = 0, minute = 0, second = 0): number | undefined {
  const ms = Date.UTC(year, month, day, hour, minute, second);
  const date = new Date(ms);
  const same = date.getUTCMonth() === month && date.getUTCDate() === day;
  return same && hour < 24 && minute < 60 && second < 61 ? ms : undefined;
}
