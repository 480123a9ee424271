import { type ASTNode, GraphQLError } from 'graphql';
import { shortened } from './quoted.ts';
import { type TextShape, violationOf } from './validation/text-rules.ts';

/**
 * AWS's ids are globally unique and say their type by their shape, so they are the graph's ids as they are.
 * The patterns are those of the API model (shapes OrganizationId, RootId, OrganizationalUnitId, AccountId, PolicyId,
 * HandshakeId, ResponsibilityTransferId, CreateAccountRequestId, ResourcePolicyId), anchored at both ends.
 */
const patterns = {
  Organization: { pattern: /^o-[a-z0-9]{10,32}$/, expected: 'o- and 10 to 32 of [a-z0-9]' },
  Root: { pattern: /^r-[0-9a-z]{4,32}$/, expected: 'r- and 4 to 32 of [0-9a-z]' },
  OrganizationalUnit: {
    pattern: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
    expected: 'ou-, 4 to 32 of [0-9a-z], - and 8 to 32 of [a-z0-9]',
  },
  Account: { pattern: /^\d{12}$/, expected: '12 digits' },
  Policy: { pattern: /^p-[0-9a-zA-Z_]{8,128}$/, expected: 'p- and 8 to 128 of [0-9a-zA-Z_]' },
  Handshake: { pattern: /^h-[0-9a-z]{8,32}$/, expected: 'h- and 8 to 32 of [0-9a-z]' },
  ResponsibilityTransfer: { pattern: /^rt-[0-9a-z]{8,32}$/, expected: 'rt- and 8 to 32 of [0-9a-z]' },
  CreateAccountStatus: { pattern: /^car-[a-z0-9]{8,32}$/, expected: 'car- and 8 to 32 of [a-z0-9]' },
  ResourcePolicy: { pattern: /^rp-[0-9a-zA-Z_]{4,128}$/, expected: 'rp- and 4 to 128 of [0-9a-zA-Z_]' },
} as const;

/** The types that implement `Node`. */
export type NodeName = keyof typeof patterns;

export const nodeNames = Object.keys(patterns).filter((name): name is NodeName => name in patterns);

/** What ids of each type begin with, as far as the first hyphen: '' for accounts. */
const typesByPrefix = new Map(
  nodeNames.map((name) => [/^\^([a-z]*-?)/.exec(patterns[name].pattern.source)?.[1] ?? '', name] as const),
);

/** Returns the type of an id by its shape; undefined for an unknown shape. */
export function typeOfId(id: string): NodeName | undefined {
  const type = typesByPrefix.get(id.slice(0, id.indexOf('-') + 1));
  return type !== undefined && patterns[type].pattern.test(id) ? type : undefined;
}

/**
 * Creates the error for an invalid argument.
 * @param argument As the client writes it: `account(id:)`.
 * @param nodes The position in the document, if the executor does not add it.
 */
export function badInput(argument: string, problem: string, nodes?: ASTNode): GraphQLError {
  return withoutStack(
    () =>
      new GraphQLError(`${argument}: ${problem}`, {
        nodes: nodes ?? null,
        extensions: { code: 'BAD_USER_INPUT', reason: null, retryable: false, argument },
      }),
  );
}

/** Omits the stack, which is useless for client errors and slow. A response may have thousands of errors. */
function withoutStack(make: () => GraphQLError): GraphQLError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Returns `id` if it has the shape of `type`'s ids. @throws GraphQLError BAD_USER_INPUT */
export function expectId(argument: string, type: NodeName, id: string): string {
  if (patterns[type].pattern.test(id)) return id;
  const actual = typeOfId(id);
  throw badInput(
    argument,
    actual === undefined
      ? `"${shortened(id, 80)}" is not an id of AWS Organizations; ${type} ids are ${patterns[type].expected}.`
      : `"${shortened(id, 80)}" is the id of ${article(actual)}, not of ${article(type)}; ${type} ids are ${patterns[type].expected}.`,
  );
}

/** Returns `text` if it matches AWS's shape. @throws GraphQLError BAD_USER_INPUT */
export function expectText(argument: string, shape: TextShape, text: string): string {
  const violation = violationOf(text, shape);
  if (violation === undefined) return text;
  throw badInput(argument, violation.problem);
}

/** Returns the type of `id`. @throws GraphQLError BAD_USER_INPUT for an unknown shape, with the known ones. */
export function expectNodeId(argument: string, id: string): NodeName {
  const type = typeOfId(id);
  if (type !== undefined) return type;
  throw unknownId(argument, id);
}

export const unknownId = (argument: string, id: string): GraphQLError =>
  badInput(argument, `"${shortened(id, 80)}" is not an id of AWS Organizations. Ids are: ${shapes}.`);

const shapes = nodeNames.map((name) => `${name} (${patterns[name].expected})`).join(', ');

const article = (type: string): string => `${/^[AO]/.test(type) ? 'an' : 'a'} ${type}`;
