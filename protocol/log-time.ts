const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
/** `I1130 05:47:02.123456 thread file:line] …`: month and day, no year and no time zone. */
const glogTime = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3})\d{3} /;

const dayMs = 86_400_000;
const yearMs = 365.2425 * dayMs;

/** The time in UTC in front of a line (ISO 8601), in milliseconds since 1970; undefined for a line without one. */
export function isoTimeOf(line: string): number | undefined {
  const [text] = isoTime.exec(line) ?? [];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The time in front of a line of Mesos's own log, in milliseconds since 1970. It is taken for UTC, and for the newest year
 * that it can be of.
 * @param readAt when the line was read
 * @returns undefined for a line without one, such as those of a stack
 */
export function glogTimeOf(line: string, readAt: number): number | undefined {
  const parts = glogTime.exec(line)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [month = 1, day = 1, hour, minute, second, ms] = parts;
  const about = 1970 + Math.floor(readAt / yearMs);
  const inYears = [about + 1, about, about - 1].map((year) => Date.UTC(year, month - 1, day, hour, minute, second, ms));
  // East of Greenwich it is tomorrow earlier.
  return inYears.find((time) => time <= readAt + dayMs);
}
