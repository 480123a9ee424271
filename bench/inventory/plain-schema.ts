import { buildSchema, type GraphQLSchema, printSchema } from 'graphql';
import { schema } from '../../src/schema/index.ts';
import { requires } from '../../src/schema/scopes.ts';
import type { KeptOrganization } from '../../src/watcher/kept-types.ts';
import { isWithin, type PlainAccount, type PlainUnit, plainDataOf } from './plain-data.ts';

interface TagCondition {
  readonly key: string;
  readonly values?: readonly string[];
  readonly exists?: boolean;
}

/** The arguments of the bench's queries. */
interface Arguments {
  readonly first: number;
  readonly filter?: {
    readonly ids?: readonly string[];
    readonly text?: string;
    readonly nameContains?: string;
    readonly emailContains?: string;
    readonly states?: readonly string[];
    readonly joinedMethod?: string;
    readonly joinedSince?: string;
    readonly under?: string;
    readonly tags?: readonly TagCondition[];
    readonly policy?: { readonly id: string; readonly applies: boolean };
  };
  readonly orderBy?: { readonly field: 'NAME' | 'ID' };
}

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

const hasTags = (tags: ReadonlyMap<string, string>, conditions: readonly TagCondition[]): boolean =>
  conditions.every(({ key, values, exists = true }) => {
    const value = tags.get(key);
    return values === undefined ? (value !== undefined) === exists : value !== undefined && values.includes(value);
  });

const hasPolicy = (account: PlainAccount, id: string): boolean => {
  if (account.policyList.some((policy) => policy.id === id)) return true;
  for (let at: PlainUnit | undefined = account.parent; at !== undefined; at = at.parent)
    if (at.policyList.some((policy) => policy.id === id)) return true;
  return false;
};

/** One pass over the array, with the usual code for each condition. */
function findAccounts(accounts: readonly PlainAccount[], { filter = {}, orderBy }: Arguments): readonly PlainAccount[] {
  const { ids, text, nameContains, emailContains, states, joinedMethod, joinedSince, under, tags, policy } = filter;
  const found = accounts.filter(
    (account) =>
      (ids === undefined || ids.includes(account.id)) &&
      (text === undefined ||
        contains(account.name, text) ||
        contains(account.email, text) ||
        account.id.includes(text)) &&
      (nameContains === undefined || contains(account.name, nameContains)) &&
      (emailContains === undefined || contains(account.email, emailContains)) &&
      (states === undefined || states.includes(account.state)) &&
      (joinedMethod === undefined || account.joinedMethod === joinedMethod) &&
      (joinedSince === undefined || account.joinedAt >= Date.parse(joinedSince)) &&
      (under === undefined || isWithin(account.parent, under)) &&
      (tags === undefined || hasTags(account.tags, tags)) &&
      (policy === undefined || hasPolicy(account, policy.id) === policy.applies),
  );
  if (orderBy === undefined) return found;
  const key = orderBy.field === 'NAME' ? 'name' : 'id';
  return found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0));
}

const findUnits = (units: readonly PlainUnit[], { filter = {} }: Arguments): readonly PlainUnit[] =>
  units.filter(
    (unit) =>
      (filter.nameContains === undefined || contains(unit.name, filter.nameContains)) &&
      (filter.under === undefined || isWithin(unit.parent, filter.under)) &&
      (filter.tags === undefined || hasTags(unit.tags, filter.tags)),
  );

const connection = <T>(items: readonly T[], first: number) => ({
  nodes: items.slice(0, first),
  totalCount: items.length,
  pageInfo: { hasNextPage: items.length > first },
});

/** The product's types, with graphql-js's default resolvers over plain objects. */
export function createPlainSchema(kept: KeptOrganization): GraphQLSchema {
  const { root, units, accounts } = plainDataOf(kept);
  const organization = {
    root,
    accounts: (args: Arguments) => connection(findAccounts(accounts, args), args.first),
    organizationalUnits: (args: Arguments) => connection(findUnits(units, args), args.first),
  };
  const plain = buildSchema(printSchema(schema));
  const field = plain.getQueryType()?.getFields()['organization'];
  if (field !== undefined) Object.assign(field, { resolve: () => organization, extensions: requires('read') });
  return plain;
}
