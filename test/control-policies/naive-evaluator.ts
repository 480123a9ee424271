/**
 * A second evaluator for tests, written straight from the rules of docs/control-policies.md: no preparation, no memory,
 * no code of src. It uses regular expressions and Node's own parsers, which suit short, friendly texts only.
 */
import { BlockList, isIP } from 'node:net';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Dictionary<Value> = Readonly<Record<string, Value>>;

export interface NaiveInput {
  readonly tree: { readonly id: string; readonly managementAccount: string; readonly children?: readonly NaiveNode[] };
  readonly enabledPolicyTypes?: readonly string[];
  readonly policies: Dictionary<{ readonly type: string; readonly document: Json }>;
  readonly attachments: Dictionary<readonly string[]>;
  readonly request: {
    readonly account: string;
    readonly principal?: { readonly kind?: string; readonly account?: string };
    readonly action: string;
    readonly resource?: string;
    readonly context?: Dictionary<string | readonly string[] | null>;
  };
}
export interface NaiveNode {
  readonly id: string;
  readonly children?: readonly NaiveNode[];
}

/** `value` is undefined if it is unknown; `odd` if a part cannot be interpreted. */
interface Truth {
  readonly value: boolean | undefined;
  readonly keys: readonly string[];
  readonly odd: boolean;
}
const settled = (value: boolean): Truth => ({ value, keys: [], odd: false });
const odd: Truth = { value: undefined, keys: [], odd: true };
const missing = (...keys: string[]): Truth => ({ value: undefined, keys, odd: false });
const negate = (truth: Truth): Truth => (truth.value === undefined ? truth : settled(!truth.value));
const either = (one: boolean, other: boolean): Truth => (one === other ? settled(one) : odd);

function join(parts: readonly Truth[], decisive: boolean): Truth {
  if (parts.some(({ value }) => value === decisive)) return settled(decisive);
  const unknown = parts.filter(({ value }) => value === undefined);
  if (unknown.length === 0) return settled(!decisive);
  return { value: undefined, keys: unknown.flatMap(({ keys }) => keys), odd: unknown.some((part) => part.odd) };
}
const every = (parts: readonly Truth[]): Truth => join(parts, false);
const some = (parts: readonly Truth[]): Truth => join(parts, true);

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? [...value] : [value ?? null]);
const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// ---- texts with wildcards and variables ----------------------------------------------------------------------------

// Wildcards become characters of the private use area, so that `${*}` stays a plain asterisk.
const MANY = '\uE000';
const ONE = '\uE001';
const withWildcards = (text: string): string => text.replaceAll('*', MANY).replaceAll('?', ONE);
const matchesText = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll(MANY, '.*')
    .replaceAll(ONE, '.');
  return new RegExp(`^${source}$`, 'su').test(text);
};

function lookUp(key: string, input: NaiveInput): string | readonly string[] | null | undefined {
  const entry = Object.entries(input.request.context ?? {}).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return entry === undefined ? undefined : Array.isArray(entry[1]) && entry[1].length === 0 ? null : entry[1];
}

interface TextUse {
  readonly isNew: boolean;
  readonly wildcards: boolean;
  readonly ignoresCase?: boolean;
}

function matchTemplate(
  text: string,
  { isNew, wildcards, ignoresCase = false }: TextUse,
  input: NaiveInput,
  compare: (pattern: string) => Truth,
): Truth {
  const cased = (part: string): string => (ignoresCase ? part.toLowerCase() : part);
  const plain = (part: string): string => (wildcards ? withWildcards(cased(part)) : cased(part));
  if (!isNew) return compare(plain(text));
  const unknown: Truth[] = [];
  let isAbsent = false;
  let hasWildcardValue = false;
  const pieces = text.split(/(\$\{[^}]*\})/).map((piece): [string, string] => {
    if (!piece.startsWith('${')) {
      if (piece.includes('${')) unknown.push({ ...odd, keys: ['<malformed>'] });
      return [plain(piece), plain(piece)];
    }
    const inside = piece.slice(2, -1);
    if (['*', '?', '$'].includes(inside)) return [inside, inside];
    const [, key, , fallback] = /^([^'{},]+?)\s*(,\s*'([^']*)')?$/.exec(inside) ?? [];
    if (key === undefined) {
      unknown.push({ ...odd, keys: ['<malformed>'] });
      return ['', ''];
    }
    const value = lookUp(key, input);
    if (value === undefined) unknown.push(missing(key));
    if (Array.isArray(value) && value.length > 1) unknown.push(odd);
    const single = (Array.isArray(value) ? value[0] : value) ?? fallback;
    if (value !== undefined && single === undefined) isAbsent = true;
    hasWildcardValue ||= wildcards && value !== undefined && /[*?]/.test(String(single));
    return [cased(String(single)), withWildcards(cased(String(single)))];
  });
  if (unknown.some(({ keys }) => keys.includes('<malformed>'))) return odd;
  if (isAbsent) return settled(false);
  if (unknown.length > 0) return every(unknown);
  const literal = compare(pieces.map(([one]) => one).join(''));
  if (!hasWildcardValue) return literal;
  const asWildcards = compare(pieces.map(([, other]) => other).join(''));
  return literal.value === asWildcards.value ? literal : odd;
}

const splitArn = (text: string): string[] => {
  const parts = text.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
};
const matchesParts = (pattern: string, arn: string): boolean => {
  const patterns = splitArn(pattern);
  const parts = splitArn(arn);
  return parts.length === 6 && parts.every((part, index) => matchesText(patterns[index] ?? MANY, part));
};

function matchResource(pattern: string, isNew: boolean, input: NaiveInput): Truth {
  const { resource } = input.request;
  if (pattern === '*') return settled(true);
  if (resource === undefined || resource === '*') return settled(false);
  const truth = matchTemplate(pattern, { isNew, wildcards: true }, input, (text) => {
    const whole = matchesText(text, resource);
    const isArn = resource.startsWith('arn:') && splitArn(resource).length === 6;
    return isArn ? either(whole, matchesParts(text, resource)) : settled(whole);
  });
  const before = pattern.slice(0, pattern.search(/\$\{[^*?$]/)).replaceAll(/\$\{.\}/g, '');
  const isOutside = isNew && /\$\{[^*?$]/.test(pattern) && before.split(':').length < 6;
  return isOutside && truth.value === true ? odd : truth;
}

function matchAction(pattern: string, input: NaiveInput): Truth {
  if (pattern === '*' || pattern === '*:*') return settled(true);
  const isMatch = matchesText(withWildcards(pattern.toLowerCase()), input.request.action.toLowerCase());
  const [prefix = ''] = pattern.split(':');
  return isMatch && /[*?]/.test(prefix) ? odd : settled(isMatch);
}

// ---- conditions ----------------------------------------------------------------------------------------------------

const toNumber = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
const toInstant = (text: string): number | undefined => {
  if (/^\d{4}$/.test(text) || /^\d{4}-/.test(text)) {
    const isZoned = /(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T');
    const milliseconds = Date.parse(isZoned ? text : `${text}Z`);
    return Number.isNaN(milliseconds) ? undefined : milliseconds / 1_000;
  }
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
};
const toFlag = (text: string): boolean | undefined =>
  ({ true: true, false: false })[text.toLowerCase() as 'true' | 'false'];

const orders: Dictionary<(actual: number, expected: number) => boolean> = {
  Equals: (actual, expected) => actual === expected,
  LessThan: (actual, expected) => actual < expected,
  LessThanEquals: (actual, expected) => actual <= expected,
  GreaterThan: (actual, expected) => actual > expected,
  GreaterThanEquals: (actual, expected) => actual >= expected,
};

function inRange(actual: string, range: string): Truth {
  const [network = '', length] = range.split('/');
  const family = (text: string): 'ipv4' | 'ipv6' => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(network) === 0 || isIP(actual) === 0) return odd;
  const bits = isIP(network) === 6 ? 128 : 32;
  if (length !== undefined && !(Number(length) <= bits)) return odd;
  if (isIP(network) !== isIP(actual)) return settled(false);
  const list = new BlockList();
  list.addSubnet(network, Number(length ?? bits), family(network));
  return settled(list.check(actual, family(actual)));
}

/** Compares one value of the request with one of the policy, by the positive form of the operator. */
function compare(operator: string, actual: string, expected: string, isNew: boolean, input: NaiveInput): Truth {
  const text = (ignoresCase: boolean, wildcards: boolean): Truth =>
    matchTemplate(expected, { isNew, wildcards, ignoresCase }, input, (pattern) =>
      settled(matchesText(pattern, ignoresCase ? actual.toLowerCase() : actual)),
    );
  if (operator === 'StringEquals') return text(false, false);
  if (operator === 'StringEqualsIgnoreCase') return text(true, false);
  if (operator === 'StringLike') return text(false, true);
  if (operator === 'ArnEquals' || operator === 'ArnLike') {
    return matchTemplate(expected, { isNew, wildcards: true }, input, (pattern) => {
      const isMatch = matchesParts(pattern, actual);
      return isMatch && splitArn(pattern).length < 6 ? odd : settled(isMatch);
    });
  }
  if (isNew && expected.includes('${')) return odd;
  if (operator === 'IpAddress') return inRange(actual, expected);
  if (operator === 'BinaryEquals') {
    const isBase64 = (each: string): boolean => Buffer.from(each, 'base64').toString('base64') === each;
    return isBase64(actual) && isBase64(expected) ? settled(actual === expected) : odd;
  }
  if (operator === 'Bool') {
    const [one, other] = [toFlag(actual), toFlag(expected)];
    return one === undefined || other === undefined ? odd : settled(one === other);
  }
  const isDate = operator.startsWith('Date');
  const parse = isDate ? toInstant : toNumber;
  const [one, other] = [parse(actual), parse(expected)];
  const order = orders[operator.replace(/^(Date|Numeric)/, '')];
  return one === undefined || other === undefined || order === undefined ? odd : settled(order(one, other));
}

const positiveOperators = [
  ...['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool', 'BinaryEquals'],
  ...['IpAddress', ...Object.keys(orders).flatMap((order) => [`Numeric${order}`, `Date${order}`])],
];
const negatedOperators: Dictionary<string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

function testKey(name: string, key: string, value: Json, isNew: boolean, input: NaiveInput): Truth {
  const values = listOf(value).map(String);
  const actual = lookUp(key, input);
  if (name === 'Null') {
    if (values.some((each) => toFlag(each) === undefined)) return odd;
    return actual === undefined ? missing(key) : settled(values.includes(String(actual === null)));
  }
  const [quantifier, suffixed = ''] = name.includes(':') ? name.split(':') : [undefined, name];
  const ifExists = suffixed.endsWith('IfExists');
  const base = suffixed.replace(/IfExists$/, '');
  const positive = negatedOperators[base] ?? base;
  const isNegated = positive !== base;
  if (!positiveOperators.includes(positive)) return odd;
  if (actual === undefined) {
    const isText = /^(String|Arn)/.test(positive);
    const all = values.map((each) =>
      isText ? matchTemplate(each, { isNew, wildcards: true }, input, () => settled(true)) : settled(true),
    );
    return missing(key, ...all.flatMap(({ keys }) => keys));
  }
  if (actual === null) {
    if (ifExists) return settled(true);
    if (quantifier === undefined) return settled(isNegated);
    return isNegated ? odd : settled(quantifier === 'ForAllValues');
  }
  const results = (typeof actual === 'string' ? [actual] : actual).map((each) => {
    const match = some(values.map((expected) => compare(positive, each, expected, isNew, input)));
    return isNegated ? negate(match) : match;
  });
  if (quantifier === 'ForAllValues') return every(results);
  if (quantifier === 'ForAnyValue') return some(results);
  if (results.some((each) => each.value === undefined)) {
    return every(results.filter((each) => each.value === undefined));
  }
  return new Set(results.map((each) => each.value)).size === 1 ? (results[0] ?? odd) : odd;
}

// ---- statements and levels -----------------------------------------------------------------------------------------

interface Match {
  readonly level: string;
  readonly policy: string;
  readonly sid: string | null;
  readonly effect: Json | undefined;
  readonly truth: Truth;
}

const elementsOf: Dictionary<readonly string[]> = {
  SERVICE_CONTROL_POLICY: ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
  RESOURCE_CONTROL_POLICY: ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'NotResource', 'Condition'],
};

function matchStatement(
  type: string,
  statement: Json,
  document: { readonly [key: string]: Json },
  input: NaiveInput,
): Truth {
  if (!isObject(statement)) return odd;
  const isNew = document['Version'] === '2012-10-17';
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const parts: Truth[] = [];
  const isOdd =
    Object.keys(document).some((key) => !['Version', 'Id', 'Statement'].includes(key)) ||
    !['2012-10-17', '2008-10-17', undefined].includes(document['Version'] as string | undefined) ||
    Object.keys(statement).some((key) => !elementsOf[type]?.includes(key)) ||
    !['Allow', 'Deny'].includes(String(statement['Effect'])) ||
    (type === 'RESOURCE_CONTROL_POLICY' && statement['Principal'] !== '*') ||
    (Action === undefined) === (NotAction === undefined) ||
    (Resource === undefined) === (NotResource === undefined);
  if (isOdd) parts.push(odd);
  const actions = (value: Json) => some(listOf(value).map((each) => matchAction(String(each), input)));
  const resources = (value: Json) => some(listOf(value).map((each) => matchResource(String(each), isNew, input)));
  if (Action !== undefined) parts.push(actions(Action));
  if (NotAction !== undefined) parts.push(negate(actions(NotAction)));
  if (Resource !== undefined) parts.push(resources(Resource));
  if (NotResource !== undefined) parts.push(negate(resources(NotResource)));
  for (const [operator, keys] of Object.entries(isObject(Condition) ? Condition : {})) {
    for (const [key, value] of Object.entries(isObject(keys) ? keys : {})) {
      parts.push(testKey(operator, key, value, isNew, input));
    }
  }
  return every(parts);
}

function pathTo(account: string, node: NaiveNode): readonly string[] | undefined {
  if (node.id === account) return [node.id];
  for (const child of node.children ?? []) {
    const below = pathTo(account, child);
    if (below) return [node.id, ...below];
  }
  return undefined;
}

function matchesAt(level: string, type: string, input: NaiveInput): readonly Match[] {
  return (input.attachments[level] ?? []).flatMap((policy) => {
    const known =
      policy === 'FullAWSAccess'
        ? { type: 'SERVICE_CONTROL_POLICY', document: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }
        : input.policies[policy];
    if (known === undefined || known.type !== type) return [];
    const document = isObject(known.document) ? known.document : {};
    return listOf(document['Statement']).map((statement): Match => {
      const elements = isObject(statement) ? statement : {};
      const sid = typeof elements['Sid'] === 'string' ? elements['Sid'] : null;
      return {
        level,
        policy,
        sid,
        effect: elements['Effect'],
        truth: matchStatement(type, statement, document, input),
      };
    });
  });
}

/** Services of the list in docs/control-policies.md that the tests use. */
const rcpServices = ['s3', 'sqs', 'kms', 'sts'];

export function evaluateNaively(input: NaiveInput) {
  const { tree, enabledPolicyTypes = Object.keys(elementsOf), request } = input;
  const { kind = 'ROLE', account: caller = request.account } = request.principal ?? {};
  const [service = ''] = request.action.toLowerCase().split(':');
  const callerPath = pathTo(caller, tree);
  const ownerPath = pathTo(request.account, tree);
  const hasScps =
    enabledPolicyTypes.includes('SERVICE_CONTROL_POLICY') &&
    ['ROLE', 'USER', 'ROOT'].includes(kind) &&
    caller !== tree.managementAccount;
  const hasRcps =
    enabledPolicyTypes.includes('RESOURCE_CONTROL_POLICY') &&
    kind !== 'SERVICE_LINKED_ROLE' &&
    request.account !== tree.managementAccount &&
    rcpServices.includes(service) &&
    request.action.toLowerCase() !== 'kms:retiregrant';
  const scpLevels = (hasScps ? (callerPath ?? []) : []).map((level) =>
    matchesAt(level, 'SERVICE_CONTROL_POLICY', input),
  );
  const rcpLevels = (hasRcps ? (ownerPath ?? []) : []).map((level) =>
    matchesAt(level, 'RESOURCE_CONTROL_POLICY', input),
  );
  const all = [...scpLevels, ...rcpLevels].flat();

  const denies = all.filter(({ effect, truth }) => effect === 'Deny' && truth.value === true);
  const [deny] = denies;
  if (deny) {
    const { level, policy, sid } = deny;
    return {
      decision: 'DENIED',
      because: denies.length === 1 ? { reason: 'EXPLICIT_DENY', level, policy, sid } : undefined,
    };
  }
  const omitting = scpLevels.flatMap((matches, index) =>
    matches.every(({ effect, truth }) => effect === 'Deny' || truth.value === false) ? [callerPath?.[index]] : [],
  );
  if (omitting.length > 0) {
    const [level] = omitting;
    return {
      decision: 'DENIED',
      because: omitting.length === 1 ? { reason: 'NO_ALLOW', level, policy: null, sid: null } : undefined,
    };
  }
  const unknown = [
    ...all.filter(({ effect, truth }) => effect !== 'Allow' && truth.value === undefined),
    ...scpLevels
      .filter((matches) => !matches.some(({ effect, truth }) => effect === 'Allow' && truth.value === true))
      .flatMap((matches) => matches.filter(({ effect, truth }) => effect === 'Allow' && truth.value === undefined)),
  ];
  if (unknown.length === 0) return { decision: 'ALLOWED' };
  return {
    decision: 'DEPENDS',
    missingContextKeys: [...new Set(unknown.flatMap(({ truth }) => truth.keys.map((key) => key.toLowerCase())))].sort(),
    isUnresolved: unknown.some(({ truth }) => truth.odd),
  };
}
