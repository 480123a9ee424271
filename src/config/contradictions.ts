import { DEFAULT_HOST, DEFAULT_METRICS_PORT, DEFAULT_PORT, isLoopback } from './addresses.ts';
import type { Contradiction } from './contradiction.ts';
import { notificationContradictions } from './notification-contradictions.ts';
import { formatPath, isRecord, type Path, valueAt } from './paths.ts';
import { didYouMean } from './suggest.ts';

/**
 * Finds settings that contradict each other. Skips values of the wrong type, so that contradictions are reported
 * together with invalid values.
 */
export function contradictions(values: unknown): Contradiction[] {
  return [
    ...duplicates(values, ['principals'], 'name'),
    ...duplicates(values, ['auth', 'keys'], 'name'),
    ...duplicates(values, ['auth', 'keys'], 'hash'),
    ...duplicates(values, ['inventory'], 'principal'),
    ...duplicates(values, ['notifications'], 'name'),
    ...notificationContradictions(values),
    ...unknownPrincipals(values),
    ...budgetSharesAboveOne(values),
    ...accountsOfOtherRoles(values),
    ...storeBesideRedis(values),
    ...persistedInVain(values),
    ...federationWithTrustedDocumentsOnly(values),
    ...signInWithoutTokens(values),
    ...portsTakenTwice(values),
  ];
}

/** Finds items of a list with the same name or hash. Messages do not show hashes. */
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
  if (member === 'hash') return 'two keys have the same hash; create a key for each caller';
  const got = `got ${JSON.stringify(text)}`;
  if (member === 'principal') return `a principal has one copy; remove one of the two, ${got}`;
  return `two ${list.at(-1)?.toString()} have the same name; give each a different name, ${got}`;
}

/** Finds principals in `auth`, `inventory` or `notifications` that are not defined. */
function unknownPrincipals(values: unknown): Contradiction[] {
  const known = principalNames(values);
  const named = [
    ...['keys', 'rules'].flatMap((list) =>
      itemsAt(values, ['auth', list]).flatMap((grant, index) =>
        itemsAt(grant, ['principals']).map((name, at) => ({ name, path: ['auth', list, index, 'principals', at] })),
      ),
    ),
    ...['inventory', 'notifications'].flatMap((list) =>
      itemsAt(values, [list]).map((item, index) => ({
        name: valueAt(item, ['principal']),
        path: [list, index, 'principal'],
      })),
    ),
  ];
  return named.flatMap(({ name, path }): Contradiction[] => {
    if (typeof name !== 'string' || name === '' || known.includes(name) || known.length === 0) return [];
    const message =
      `this principal is not defined; defined are ${known.join(', ')}, got ` +
      `${JSON.stringify(name)}${didYouMean(name, known)}`;
    return [{ path, message }];
  });
}

/** Returns the names of the principals. Skips names that are not strings. */
export function principalNames(values: unknown): readonly string[] {
  const names =
    valueAt(values, ['principals']) === undefined
      ? ['default']
      : itemsAt(values, ['principals']).map((each) => valueAt(each, ['name']));
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

/** Finds shares that leave nothing of AWS's rates for the operations of clients. */
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

/** Finds account ids that differ from the account of the role. */
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
          `${account}; remove it, or correct the ARN, got ${JSON.stringify(accountId)}`,
        about: [[...path, 'credentials']],
      },
    ];
  });
}

function storeBesideRedis(values: unknown): Contradiction[] {
  if (valueAt(values, ['redis']) === undefined || valueAt(values, ['watch', 'store']) === undefined) return [];
  const message = 'is for a single gateway, while redis.url stores events in Redis; remove one of the two';
  return [{ path: ['watch', 'store'], message }];
}

/** Finds settings of persisted queries without effect. */
function persistedInVain(values: unknown): Contradiction[] {
  if (valueAt(values, ['persistedQueries']) === undefined) return [];
  const found: Contradiction[] = [];
  if (valueAt(values, ['persistedQueries', 'store']) === 'redis' && valueAt(values, ['redis']) === undefined)
    found.push({
      path: ['persistedQueries', 'store'],
      message: 'requires redis.url; set redis.url, or set the store to memory, got "redis"',
    });
  if (valueAt(values, ['trustedDocuments', 'only']) === true)
    found.push({
      path: ['persistedQueries'],
      message: 'has no effect with trustedDocuments.only, which allows no other documents; remove one of the two',
    });
  return found;
}

/** Gateways of supergraphs write their own documents, so that no list of documents can have them. */
function federationWithTrustedDocumentsOnly(values: unknown): Contradiction[] {
  if (valueAt(values, ['federation']) !== true || valueAt(values, ['trustedDocuments', 'only']) !== true) return [];
  const message =
    'is not possible with trustedDocuments.only, as the gateway of a supergraph sends documents of its own; ' +
    'remove one of the two, got true';
  return [{ path: ['federation'], message }];
}

/** Finds a sign-in whose tokens the gateway does not accept. */
function signInWithoutTokens(values: unknown): Contradiction[] {
  const type = valueAt(values, ['auth', 'type']) ?? 'none';
  if (valueAt(values, ['console', 'oidc']) === undefined || type === 'jwt' || typeof type !== 'string') return [];
  const message = `has no effect without auth.type: jwt, as the gateway accepts no tokens; auth.type is ${JSON.stringify(type)}`;
  return [
    { path: ['console', 'oidc'], message: `${message}; set it to jwt, or remove console.oidc`, about: [['auth']] },
  ];
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
      message: `is also the port of the graph (port); set a different one, such as ${other}, got ${port}`,
      about: [['port'], ['host'], ['metrics', 'host']],
    },
  ];
}

const ALL_ADDRESSES = ['0.0.0.0', '::', '[::]'];

function isSameAddress(one: unknown, other: unknown): boolean {
  const [a, b] = [one, other].map((host) => (host === 'localhost' ? '127.0.0.1' : String(host)));
  return a === b || [a, b].some((host) => ALL_ADDRESSES.includes(String(host)));
}

/**
 * Rejects a gateway without authentication on other addresses than loopback: all clients would use its AWS credentials.
 */
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

/** Finds settings by operation that name an unknown operation. */
export function unknownOperations(values: unknown, operations: readonly string[]): Contradiction[] {
  return [
    { section: ['upstream', 'limits'], known: operations, what: 'an operation of AWS Organizations' },
    {
      section: ['upstream', 'cacheMsByOperation'],
      known: operations.filter((name) => /^(Describe|List)/.test(name)),
      what: 'a read operation of AWS Organizations',
    },
  ].flatMap(({ section, known, what }) => {
    const named = valueAt(values, section);
    if (!isRecord(named) || Array.isArray(named)) return [];
    return Object.keys(named)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: [...section, name],
        message:
          `"${name}" is not ${what}; use the spelling of AWS, such as ` + `DescribeAccount${didYouMean(name, known)}`,
      }));
  });
}

/** Settings of which the first must not be above the second. */
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

/** Finds given settings above their bound. A default above a given bound is not reported, as the bound applies. */
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
          `must not be above ${formatPath(above)}, which is ${bound}${byDefault}; set it to ${bound} or ` +
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
