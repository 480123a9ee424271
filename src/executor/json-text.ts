/** What JSON must escape in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what JSON must escape (RFC 8259, section 7)
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON: what JSON.stringify gives, faster where nothing has to be escaped. */
export function stringText(value: string): string {
  return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
}

/** A serialized leaf as JSON: what JSON.stringify makes of it. What JSON has no word for is null, as it is in a list. */
export function leafText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : dateText(value);
      return JSON.stringify(value) ?? 'null';
  }
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Days whose texts are kept: lists hold dates of some years. */
const MAX_DAYS = 4_096;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(digits, '0'));
const sixty = padded(60, 2);
const hours = sixty.slice(0, 24);
/** `T00:00:` to `T23:59:`. */
const minutesOfDay = hours.flatMap((hour) => sixty.map((minute) => `T${hour}:${minute}:`));
/** `.000Z"` to `.999Z"`. */
const milliseconds = padded(1_000, 3).map((digits) => `.${digits}Z"`);

/** The texts of days since the epoch, after a quote. */
const days = new Map<number, string>();

/** A date as JSON. `toISOString`, which `JSON.stringify` calls, takes Node ten times as long. @throws RangeError for an invalid date. */
export function dateText(date: Date): string {
  const time = date.getTime();
  const day = Math.floor(time / DAY_MS);
  const ofDay = time - day * DAY_MS;
  const minute = Math.floor(ofDay / MINUTE_MS);
  const ofMinute = ofDay - minute * MINUTE_MS;
  const second = Math.floor(ofMinute / 1_000);
  return (
    (days.get(day) ?? dayText(date, day)) +
    (minutesOfDay[minute] + (sixty[second] as string) + milliseconds[ofMinute - second * 1_000])
  );
}

function dayText(date: Date, day: number): string {
  const text = `"${date.toISOString().slice(0, -'T00:00:00.000Z'.length)}`;
  if (days.size >= MAX_DAYS) days.clear();
  days.set(day, text);
  return text;
}
