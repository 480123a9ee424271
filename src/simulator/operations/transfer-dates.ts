import { throwInvalidInput } from '../service-error.ts';
import { DAY_MS } from '../world/durations.ts';
import { monthStart } from '../world/months.ts';

/**
 * Checks that a transfer starts at 00:00 UTC on the first day of one of the next two months.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-send-invitation.html
 *
 * @param seconds since the epoch, as in the request
 * @returns milliseconds since the epoch
 */
export function checkStartTimestamp(seconds: number, now: number): number {
  const start = Math.round(seconds * 1000);
  const date = new Date(start);
  if (Number.isNaN(date.getTime())) throwInvalidInput('INVALID_START_DATE', `StartTimestamp ${seconds} is not a date.`);
  const label = `StartTimestamp ${date.toISOString()}`;
  if (start % DAY_MS !== 0) {
    throwInvalidInput('START_DATE_NOT_BEGINNING_OF_DAY', `${label} is not at 00:00:00.000 UTC.`);
  }
  if (date.getUTCDate() !== 1) {
    throwInvalidInput('START_DATE_NOT_BEGINNING_OF_MONTH', `${label} is not the first day of a month.`);
  }
  const last = new Date(monthStart(now, 2)).toISOString();
  const next = monthStart(now, 1);
  const choice = next - DAY_MS <= now ? `only on ${last}` : `on ${new Date(next).toISOString()} or ${last}`;
  // An invitation expires 24 hours before the start, so the last day of a month is too late for the next month.
  if (start < monthStart(now, 1) || start - DAY_MS <= now) {
    throwInvalidInput(
      'START_DATE_TOO_EARLY',
      `${label} is too early: a transfer can start ${choice} now, and must be accepted 24 hours before.`,
    );
  }
  if (start > monthStart(now, 2)) {
    throwInvalidInput('START_DATE_TOO_LATE', `${label} is too late: a transfer can start ${choice} now.`);
  }
  return start;
}

/**
 * Checks that a transfer ends with the last second of the current or next month, the current one by default. AWS's
 * example omits the milliseconds that its text demands, so both are accepted. A transfer that has not started ends at
 * its start.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-stop-transfer.html
 *
 * @param seconds since the epoch, as in the request
 * @returns milliseconds since the epoch
 */
export function checkEndTimestamp(seconds: number | undefined, startAt: number, now: number): number {
  const end = seconds === undefined ? monthStart(now, 1) - 1 : checkEndOfMonth(seconds, now);
  return now < startAt ? Math.max(startAt, end) : end;
}

function checkEndOfMonth(seconds: number, now: number): number {
  const end = Math.round(seconds * 1000);
  const date = new Date(end);
  if (Number.isNaN(date.getTime())) throwInvalidInput('INVALID_END_DATE', `EndTimestamp ${seconds} is not a date.`);
  const label = `EndTimestamp ${date.toISOString()}`;
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  if (end !== nextMonth - 1 && end !== nextMonth - 1000) {
    throwInvalidInput('END_DATE_NOT_END_OF_MONTH', `${label} is not 23:59:59.999 UTC on the last day of a month.`);
  }
  if (nextMonth < monthStart(now, 1)) {
    throwInvalidInput(
      'END_DATE_TOO_EARLY',
      `${label} is too early: a transfer can end with the current or the next month.`,
    );
  }
  if (nextMonth > monthStart(now, 2)) {
    throwInvalidInput(
      'END_DATE_TOO_LATE',
      `${label} is too late: a transfer can end with the current or the next month.`,
    );
  }
  return end;
}
