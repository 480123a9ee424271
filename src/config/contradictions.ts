import { DEFAULT_HOST, DEFAULT_METRICS_PORT, DEFAULT_PORT, isLoopback } from './addresses.ts';
import { formatPath, isRecord, type Path, valueAt } from './paths.ts';
import { didYouMean } from './suggest.ts';

/** Settings that are right by themselves, but not together. */
export interface Contradiction {
  readonly path: Path;
  readonly message: string;
  /** Other settings that are involved: while one of them is wrong by itself, the contradiction is not reported. */
  readonly about?: readonly Path[];
}

/**
 * Settings that contradict each other. The values need not have been checked: those of a wrong type are skipped, so that
 * these mistakes are reported together with those of the types.
 */
export function contradictions(values: unknown): Contradiction[] {
  return [
    ...duplicates(values, ['principals'], 'name'),
    ...duplicates(values, ['auth', 'keys'], 'name'),
    ...duplicates(values, ['auth', 'keys'], 'hash'),
    ...duplicates(values, ['inventory'], 'principal'),
    ...unknownPrincipals(values),
    ...budgetSharesAboveOne(values),
    ...accountsOfOtherRoles(values),
    ...storeBesideRedis(values),
    ...persistedInVain(values),
    ...portsTakenTwice(values),
  ];
}

/** Items of a list that have the same name or hash. A hash is not shown. */
function duplicates(values: unknown, list: Path, member: string): Contradiction[] {
  const first = new Map<string, number>();
  return itemsAt(values, list).flatMap((item, index) => {
    const text = valueAt(item, [member]);
    if (typeof text !== 'string') return [];
    const earlier = first.get(text);
    if (earlier === undefined) {
      first.set(text, index);
      return [];
    }
    const other = formatPath([...list, earlier, member]);
    return [{ path: [...list, index, member], message: `is the same as ${other}: ${remedyFor(list, member, text)}` }];
  });
}

function remedyFor(list: Path, member: string, text: string): string {
  if (member === 'hash') return 'two keys have the same hash; make a key for each caller';
  const got = `got ${JSON.stringify(text)}`;
  if (member === 'principal') return `a principal has one copy; leave out one of the two, ${got}`;
  return `two ${list.at(-1)?.toString()} have the same name; give each one of its own, ${got}`;
}

/** Principals that `auth` or `inventory` names and that do not exist. */
function unknownPrincipals(values: unknown): Contradiction[] {
  const known = principalNames(values);
  const named = [
    ...['keys', 'rules'].flatMap((list) =>
      itemsAt(values, ['auth', list]).flatMap((grant, index) =>
        itemsAt(grant, ['principals']).map((name, at) => ({ name, path: ['auth', list, index, 'principals', at] })),
      ),
    ),
    ...itemsAt(values, ['inventory']).map((copy, index) => ({
      name: valueAt(copy, ['principal']),
      path: ['inventory', index, 'principal'],
    })),
  ];
  return named.flatMap(({ name, path }): Contradiction[] => {
    if (typeof name !== 'string' || name === '' || known.includes(name) || known.length === 0) return [];
    const message =
      `there is no such principal; there are ${known.join(', ')}, got ` +
      `${JSON.stringify(name)}${didYouMean(name, known)}`;
    return [{ path, message }];
  });
}

/** The names of the principals, as far as they are text. */
export function principalNames(values: unknown): readonly string[] {
  const names =
    valueAt(values, ['principals']) === undefined
      ? ['default']
      : itemsAt(values, ['principals']).map((each) => valueAt(each, ['name']));
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

/** Polling and reading the copy would leave nothing for the operations of clients. */
function budgetSharesAboveOne(values: unknown): Contradiction[] {
  const polling = valueAt(values, ['watch', 'budgetShare']) ?? 0.2;
  return itemsAt(values, ['inventory']).flatMap((copy, index): Contradiction[] => {
    const share = valueAt(copy, ['budgetShare']) ?? 0.3;
    if (typeof share !== 'number' || typeof polling !== 'number') return [];
    if (share > 1 || polling > 1 || share + polling <= 1) return [];
    const path = ['inventory', index, 'budgetShare'];
    const message = `is above 1 together with watch.budgetShare, which is ${polling}; lower one of the two, got ${share}`;
    return [{ path, message, about: [['watch', 'budgetShare']] }];
  });
}

/** Account ids that differ from the account of the role. */
function accountsOfOtherRoles(values: unknown): Contradiction[] {
  return itemsAt(values, ['principals']).flatMap((principal, index) => {
    const accountId = valueAt(principal, ['accountId']);
    const roleArn = valueAt(principal, ['credentials', 'roleArn']);
    const account = typeof roleArn === 'string' ? roleArn.split(':')[4] : undefined;
    if (typeof accountId !== 'string' || !account || account === accountId) return [];
    const path = ['principals', index];
    return [
      {
        path: [...path, 'accountId'],
        message:
          `is not the account of ${formatPath([...path, 'credentials', 'roleArn'])}, which is ` +
          `${account}; leave it out, or correct the ARN, got ${JSON.stringify(accountId)}`,
        about: [[...path, 'credentials']],
      },
    ];
  });
}

function storeBesideRedis(values: unknown): Contradiction[] {
  if (valueAt(values, ['redis']) === undefined || valueAt(values, ['watch', 'store']) === undefined) return [];
  const message = 'is for one gateway alone; with redis.url, events are kept in Redis. Leave out one of the two';
  return [{ path: ['watch', 'store'], message }];
}

/** Persisted queries that could not be kept, or that no client could run. */
function persistedInVain(values: unknown): Contradiction[] {
  if (valueAt(values, ['persistedQueries']) === undefined) return [];
  const found: Contradiction[] = [];
  if (valueAt(values, ['persistedQueries', 'store']) === 'redis' && valueAt(values, ['redis']) === undefined)
    found.push({
      path: ['persistedQueries', 'store'],
      message: 'needs redis.url; set it, or the store to memory, got "redis"',
    });
  if (valueAt(values, ['trustedDocuments', 'only']) === true)
    found.push({
      path: ['persistedQueries'],
      message: 'has no effect with trustedDocuments.only, which runs no other documents; leave out one of the two',
    });
  return found;
}

function portsTakenTwice(values: unknown): Contradiction[] {
  const metrics = valueAt(values, ['metrics']);
  if (!isRecord(metrics)) return [];
  const own = { host: valueAt(values, ['host']) ?? DEFAULT_HOST, port: valueAt(values, ['port']) ?? DEFAULT_PORT };
  const { host = DEFAULT_HOST, port = DEFAULT_METRICS_PORT } = metrics;
  const other = port === DEFAULT_METRICS_PORT ? DEFAULT_METRICS_PORT + 1 : DEFAULT_METRICS_PORT;
  if (port !== own.port || port === 0 || !isSameAddress(host, own.host)) return [];
  return [
    {
      path: ['metrics', 'port'],
      message: `is also the port of the graph (port); choose another, such as ${other}, got ${port}`,
      about: [['port'], ['host'], ['metrics', 'host']],
    },
  ];
}

const ALL_ADDRESSES = ['0.0.0.0', '::', '[::]'];

function isSameAddress(one: unknown, other: unknown): boolean {
  const [a, b] = [one, other].map((host) => (host === 'localhost' ? '127.0.0.1' : String(host)));
  return a === b || [a, b].some((host) => ALL_ADDRESSES.includes(String(host)));
}

/** A gateway without authentication acts for every client that reaches its port, with its AWS credentials. */
export function openGateway(values: unknown): Contradiction | undefined {
  const host = valueAt(values, ['host']) ?? DEFAULT_HOST;
  const auth = valueAt(values, ['auth']);
  const isOpen = auth === undefined || valueAt(auth, ['type']) === 'none';
  if (!isOpen || typeof host !== 'string' || host === '' || isLoopback(host)) return undefined;
  return {
    path: ['host'],
    message:
      `auth: none is allowed on loopback only, and host is ${host}; set auth.type to apiKeys or ` +
      `jwt, or host to 127.0.0.1`,
    about: [['auth']],
  };
}

/** Settings that are keyed by operation, and name one that is not among `operations`. */
export function unknownOperations(values: unknown, operations: readonly string[]): Contradiction[] {
  return [
    { section: ['upstream', 'limits'], known: operations, what: 'operation of AWS Organizations' },
    {
      section: ['upstream', 'cacheMsByOperation'],
      known: operations.filter((name) => /^(Describe|List)/.test(name)),
      what: 'read operation of AWS Organizations',
    },
  ].flatMap(({ section, known, what }) => {
    const named = valueAt(values, section);
    if (!isRecord(named) || Array.isArray(named)) return [];
    return Object.keys(named)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: [...section, name],
        message:
          `"${name}" is no ${what}; names are spelled as AWS does, such as ` +
          `DescribeAccount${didYouMean(name, known)}`,
      }));
  });
}

/** Bounds that have to be in order: the first may not be above the second. */
const ORDERED = [
  ['watch.minIntervalMs', 'watch.maxIntervalMs'],
  ['watch.maxBuffered', 'watch.keepEvents'],
  ['upstream.callTimeoutMs', 'upstream.deadlineMs'],
  ['limits.bodyBytes', 'limits.bufferedBytes.perConnection'],
  ['limits.bufferedBytes.perConnection', 'limits.bufferedBytes.perCaller'],
  ['limits.bufferedBytes.perCaller', 'limits.bufferedBytes.total'],
  ['limits.bufferedBytes.unauthenticatedPerAddress', 'limits.bufferedBytes.unauthenticated'],
  ['limits.bufferedBytes.unauthenticated', 'limits.bufferedBytes.total'],
  ['limits.queuedOperations.perCaller', 'limits.queuedOperations.total'],
  ['persistedQueries.perCaller.maxDocuments', 'persistedQueries.maxDocuments'],
  ['persistedQueries.perCaller.maxBytes', 'persistedQueries.maxBytes'],
  ['persistedQueries.maxDocumentBytes', 'persistedQueries.perCaller.maxBytes'],
].map((pair) => pair.map((name) => name.split('.')));

/** Given settings above the bound that holds for them. A default is never wrong: where it is above a given bound, the bound wins. */
export function boundsOutOfOrder(given: unknown, defaults: unknown): Contradiction[] {
  return ORDERED.flatMap(([path = [], above = []]): Contradiction[] => {
    const least = valueAt(given, path);
    const givenBound = valueAt(given, above);
    const bound = givenBound ?? valueAt(defaults, above);
    if (typeof least !== 'number' || typeof bound !== 'number' || least <= bound) return [];
    const byDefault = givenBound === undefined ? ' by default' : '';
    return [
      {
        path,
        message:
          `may not be above ${formatPath(above)}, which is ${bound}${byDefault}; set it to ${bound} or ` +
          `less, or ${formatPath(above)} to ${least}, got ${least}`,
        about: [above],
      },
    ];
  });
}

function itemsAt(values: unknown, path: Path): readonly unknown[] {
  const list = valueAt(values, path);
  return Array.isArray(list) ? list : [];
}
