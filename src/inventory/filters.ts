import type { aws } from '../upstream/index.ts';
import { isAfterSegment } from '../watcher/paths.ts';
import { containsText } from './text.ts';
import type {
  AccountFilter,
  HandshakeFilter,
  OrganizationalUnitFilter,
  ResponsibilityTransferFilter,
  TagCondition,
} from './types.ts';

export type Condition<T> = (item: T) => boolean;

/** Whether all conditions hold; an undefined one is not given. */
export function all<T>(given: readonly (Condition<T> | undefined)[]): Condition<T> {
  const conditions = given.filter((condition) => condition !== undefined);
  const [first, second, ...others] = conditions;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (others.length === 0) return (item) => first(item) && second(item);
  return (item) => conditions.every((condition) => condition(item));
}

type Given<V> = V | null | undefined;

/** Builds a condition only if its value is given. */
export const when = <V, T>(value: Given<V>, build: (value: V) => Condition<T>): Condition<T> | undefined =>
  value === null || value === undefined ? undefined : build(value);

export const oneOf = <T>(values: readonly string[], member: (item: T) => string | undefined): Condition<T> => {
  const set = new Set<string | undefined>(values);
  return (item) => set.has(member(item));
};

/** Whether a text of the item contains the part, without case. */
const textIn = <T>(part: string, ...members: readonly ((item: T) => string | undefined)[]): Condition<T> => {
  const contains = containsText(part);
  return (item) => members.some((member) => contains(member(item)));
};

const timeOf = (date: Date | undefined): number => date?.getTime() ?? Number.NaN;

/**
 * The conditions of a filter that an account alone decides: all but `tags` and `policy`. `joinedSince` and
 * `joinedUntil` include the given times.
 */
export const accountMatches = (filter: AccountFilter): Condition<aws.Account> =>
  all([
    when(filter.ids, (ids) => oneOf(ids, ({ Id }) => Id)),
    when(filter.states, (states) => oneOf(states, ({ State }) => State)),
    when(filter.joinedMethod, (method) => (account) => account.JoinedMethod === method),
    when(filter.joinedSince, (since) => (account) => timeOf(account.JoinedTimestamp) >= since.getTime()),
    when(filter.joinedUntil, (until) => (account) => timeOf(account.JoinedTimestamp) <= until.getTime()),
    when(filter.under, (id) => {
      const isUnder = isAfterSegment(id);
      return ({ Paths }) => Paths?.some(isUnder) === true;
    }),
    when(filter.nameContains, (part) => textIn(part, ({ Name }) => Name)),
    when(filter.emailContains, (part) => textIn(part, ({ Email }) => Email)),
    when(filter.text, (part) => {
      const contains = containsText(part);
      // Ids are 12 digits.
      const mayBeInId = /^\d*$/.test(part);
      return ({ Name, Email, Id }) => contains(Name) || contains(Email) || (mayBeInId && contains(Id));
    }),
  ]);

/** The conditions of a filter that a unit with its `Path` alone decides: all but `tags`. A unit is not under itself. */
export const organizationalUnitMatches = (filter: OrganizationalUnitFilter): Condition<aws.OrganizationalUnit> =>
  all([
    when(filter.nameContains, (part) => textIn(part, ({ Name }) => Name)),
    when(filter.under, (id) => {
      const isUnder = isAfterSegment(id);
      return ({ Path }) => Path !== undefined && isUnder(Path);
    }),
  ]);

/** Whether the tags of a resource fulfill all conditions. Keys and values are compared with their case, as AWS does. */
export function tagsMatch(conditions: readonly TagCondition[]): Condition<readonly aws.Tag[]> {
  return all(
    conditions.map(({ key, values, exists }) => {
      const find = (tags: readonly aws.Tag[]) => tags.find(({ Key }) => Key === key)?.Value;
      if (values === null || values === undefined) {
        const isWanted = exists !== false;
        return (tags) => (find(tags) !== undefined) === isWanted;
      }
      return oneOf(values, find);
    }),
  );
}

/** The values of these resources are no names, e-mail addresses or ids. */
const otherResources: ReadonlySet<string | undefined> = new Set<aws.HandshakeResourceType>([
  'NOTES',
  'ORGANIZATION_FEATURE_SET',
  'TRANSFER_START_TIMESTAMP',
  'TRANSFER_TYPE',
]);

const resourcesContain = (
  resources: readonly aws.HandshakeResource[] | undefined,
  contains: (text: string | undefined) => boolean,
): boolean =>
  resources?.some(
    ({ Type, Value, Resources }) =>
      (!otherResources.has(Type) && contains(Value)) || resourcesContain(Resources, contains),
  ) === true;

/** `text` is in the handshake's id, or in a name, e-mail address or id of its parties and resources. */
export const handshakeMatches = (filter: HandshakeFilter): Condition<aws.Handshake> =>
  all([
    when(filter.actionType, (action) => (handshake) => handshake.Action === action),
    when(
      filter.parentHandshakeId,
      (id) =>
        ({ Resources }) =>
          Resources?.some(({ Type, Value }) => Type === 'PARENT_HANDSHAKE' && Value === id) === true,
    ),
    when(filter.states, (states) => oneOf(states, ({ State }) => State)),
    when(filter.expiresBefore, (time) => (handshake) => timeOf(handshake.ExpirationTimestamp) < time.getTime()),
    when(filter.text, (part) => {
      const contains = containsText(part);
      return ({ Id, Parties, Resources }) =>
        contains(Id) || Parties?.some((party) => contains(party.Id)) === true || resourcesContain(Resources, contains);
    }),
  ]);

/** A month in UTC, in ms since the epoch. */
interface Month {
  readonly start: number;
  /** The start of the next one. */
  readonly end: number;
}

const monthPattern = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Whether a text is a month, such as `2026-12`. */
export const isMonth = (text: string): boolean => monthPattern.test(text);

/** @throws RangeError if the text is no month. */
function monthOf(text: string): Month {
  const [, year, month] = monthPattern.exec(text) ?? [];
  if (year === undefined || month === undefined)
    throw new RangeError(`"${text}" is not a month. Months are written YYYY-MM, such as 2026-12.`);
  return { start: Date.UTC(Number(year), Number(month) - 1), end: Date.UTC(Number(year), Number(month)) };
}

const isIn = ({ start, end }: Month, date: Date | undefined): boolean => timeOf(date) >= start && timeOf(date) < end;

/**
 * An accepted transfer bills from its start on, and a withdrawn one until its end. One that was withdrawn before it
 * began ends at its start, and never bills.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/orgs_transfer_billing-stop-transfer.html
 */
function billsIn({ start, end }: Month): Condition<aws.ResponsibilityTransfer> {
  return ({ Status, StartTimestamp, EndTimestamp }) => {
    if (Status !== 'ACCEPTED' && Status !== 'WITHDRAWN') return false;
    const from = Math.max(timeOf(StartTimestamp), start);
    const until = EndTimestamp === undefined ? end : Math.min(EndTimestamp.getTime(), end);
    return from < until;
  };
}

/**
 * `text` is in the transfer's name or id, or in an e-mail address or id of its accounts.
 * @throws RangeError for a month that is not written YYYY-MM.
 */
export const responsibilityTransferMatches = (
  filter: ResponsibilityTransferFilter,
): Condition<aws.ResponsibilityTransfer> =>
  all([
    when(filter.statuses, (statuses) => oneOf(statuses, ({ Status }) => Status)),
    when(filter.startsInMonth, (text) => {
      const month = monthOf(text);
      return ({ StartTimestamp }) => isIn(month, StartTimestamp);
    }),
    when(filter.endsInMonth, (text) => {
      const month = monthOf(text);
      return ({ EndTimestamp }) => isIn(month, EndTimestamp);
    }),
    when(filter.billedInMonth, (text) => billsIn(monthOf(text))),
    when(filter.text, (part) =>
      textIn<aws.ResponsibilityTransfer>(
        part,
        ({ Name }) => Name,
        ({ Id }) => Id,
        ({ Source }) => Source?.ManagementAccountId,
        ({ Source }) => Source?.ManagementAccountEmail,
        ({ Target }) => Target?.ManagementAccountId,
        ({ Target }) => Target?.ManagementAccountEmail,
      ),
    ),
  ]);
