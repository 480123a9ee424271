import * as sdk from '@aws-sdk/client-organizations';
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLUnionType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { declaredErrors, isOperationName } from '../../src/upstream/index.ts';

// The graph is held against the SDK package itself: an SDK that adds an operation, a member or an enum value makes these tests name it.

/** The SDK's runtime schemas: [kind, namespace, name, traits, …]; of structures and errors the fifth is the members' names. */
type RuntimeSchema = readonly [kind: number, namespace: string, name: string, traits: unknown, members?: string[]];
const STRUCTURE = 3;
const ERROR = -3;
const OPERATION = 9;

const runtime = Object.entries(sdk)
  .filter(([name]) => name.endsWith('$'))
  .map(([, value]) => value as unknown as RuntimeSchema)
  .filter((value) => Array.isArray(value));
const ofKind = (kind: number) =>
  runtime.filter(([is]) => is === kind).map(([, , name, , members]) => ({ name, members: members ?? [] }));

const operations = ofKind(OPERATION).map(({ name }) => name);
const structures = ofKind(STRUCTURE);
const isRead = (operation: string) => /^(Describe|List)/.test(operation);
const membersOf = (name: string) => structures.find((structure) => structure.name === name)?.members ?? [];
const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** Members that have another place in the graph than AWS's, and where, or why none. */
const elsewhere: Record<string, string> = {
  'Policy.PolicySummary': 'flattened: its members are fields of Policy',
  'ResourcePolicy.ResourcePolicySummary': 'flattened: its members are fields of ResourcePolicy',
  'Parent.Type': '__typename of the interface Parent',
  'TooManyRequestsException.Type': 'AWS documents no values; `code` and the operation say what was exceeded',
};

/** Types that have another name in the graph than AWS's. */
const renamed: Record<string, string> = {
  PolicySummary: 'Policy',
  ResourcePolicySummary: 'ResourcePolicy',
};

/** Enums that the graph expresses otherwise. */
const enumsElsewhere: Record<string, string> = { ParentType: '__typename of the interface Parent' };

/** Enums that are in AWS's requests only. All others may have values that are newer than this release. */
const enumsOfRequests: readonly string[] = ['IAMUserAccessToBilling'];

/** Where each read operation's data is: the field, and where each member of its request is. */
const reads: Record<string, { field: string; request?: Record<string, string>; reply?: Record<string, string> }> = {
  DescribeAccount: { field: 'Query.account', request: { AccountId: 'id' } },
  DescribeCreateAccountStatus: { field: 'Query.createAccountStatus', request: { CreateAccountRequestId: 'id' } },
  DescribeEffectivePolicy: { field: 'Account.effectivePolicy', request: { PolicyType: 'type', TargetId: '<parent>' } },
  DescribeHandshake: { field: 'Query.handshake', request: { HandshakeId: 'id' } },
  DescribeOrganization: { field: 'Query.organization' },
  DescribeOrganizationalUnit: { field: 'Query.organizationalUnit', request: { OrganizationalUnitId: 'id' } },
  DescribePolicy: { field: 'Query.policy', request: { PolicyId: 'id' } },
  DescribeResourcePolicy: { field: 'Organization.resourcePolicy' },
  DescribeResponsibilityTransfer: { field: 'Query.responsibilityTransfer', request: { Id: 'id' } },
  ListAWSServiceAccessForOrganization: { field: 'Organization.enabledServices' },
  ListAccounts: { field: 'Organization.accounts' },
  ListAccountsForParent: { field: 'Parent.accounts', request: { ParentId: '<parent>' } },
  ListAccountsWithInvalidEffectivePolicy: {
    field: 'Organization.accountsWithInvalidEffectivePolicy',
    request: { PolicyType: 'policyType' },
    reply: { PolicyType: '<argument>' },
  },
  ListChildren: { field: 'Parent.children', request: { ParentId: '<parent>', ChildType: 'type' } },
  ListCreateAccountStatus: { field: 'Organization.createAccountStatuses', request: { States: 'states' } },
  ListDelegatedAdministrators: {
    field: 'Organization.delegatedAdministrators',
    request: { ServicePrincipal: 'servicePrincipal' },
  },
  ListDelegatedServicesForAccount: { field: 'Account.delegatedServices', request: { AccountId: '<parent>' } },
  ListEffectivePolicyValidationErrors: {
    field: 'Account.effectivePolicyValidationErrors',
    request: { AccountId: '<parent>', PolicyType: 'type' },
    reply: {
      AccountId: '<parent>',
      PolicyType: '<argument>',
      Path: 'path',
      EvaluationTimestamp: 'evaluationTimestamp',
    },
  },
  ListHandshakesForAccount: { field: 'Viewer.handshakes', request: { Filter: 'filter' } },
  ListHandshakesForOrganization: { field: 'Organization.handshakes', request: { Filter: 'filter' } },
  ListInboundResponsibilityTransfers: {
    field: 'Organization.inboundResponsibilityTransfers',
    request: { Type: 'type', Id: 'id' },
  },
  ListOrganizationalUnitsForParent: { field: 'Parent.organizationalUnits', request: { ParentId: '<parent>' } },
  ListOutboundResponsibilityTransfers: {
    field: 'Organization.outboundResponsibilityTransfers',
    request: { Type: 'type' },
  },
  ListParents: { field: 'Account.parent', request: { ChildId: '<parent>' } },
  ListPolicies: { field: 'Organization.policies', request: { Filter: 'type' } },
  ListPoliciesForTarget: { field: 'PolicyTarget.policies', request: { TargetId: '<parent>', Filter: 'type' } },
  ListRoots: { field: 'Organization.roots' },
  ListTagsForResource: { field: 'Taggable.tags', request: { ResourceId: '<parent>' } },
  ListTargetsForPolicy: { field: 'Policy.targets', request: { PolicyId: '<parent>' } },
};

function type(name: string): GraphQLNamedType {
  const found = schema.getType(name);
  if (found === undefined) throw new Error(`the graph has no type ${name}`);
  return found;
}

/** The names of the fields of an object, interface or input type. */
function fieldsOf(name: string): string[] {
  const found = type(name);
  if (
    found instanceof GraphQLObjectType ||
    found instanceof GraphQLInterfaceType ||
    found instanceof GraphQLInputObjectType
  ) {
    return Object.keys(found.getFields());
  }
  throw new Error(`${name} has no fields`);
}

function field(path: string) {
  const [owner = '', name = ''] = path.split('.');
  const found = type(owner);
  if (found instanceof GraphQLObjectType || found instanceof GraphQLInterfaceType) {
    const result = found.getFields()[name];
    if (result !== undefined) return result;
  }
  throw new Error(`the graph has no field ${path}`);
}

it('the SDK’s typings have the form that these tests read', () => {
  expect(operations.length).toBeGreaterThanOrEqual(63);
  expect(membersOf('Account')).toContain('Paths');
  expect(operations.every(isOperationName)).toBe(true);
});

describe('every changing operation is a mutation', () => {
  it.each(operations.filter((operation) => !isRead(operation)))('%s', (operation) => {
    const name = camel(operation.replace('AWS', 'Aws'));
    const mutation = field(`Mutation.${name}`);
    const members = membersOf(`${operation}Request`);
    expect(mutation.args.map((argument) => argument.name)).toEqual(members.length === 0 ? [] : ['input']);
    if (members.length > 0) expect(fieldsOf(`${operation}Input`)).toEqual(expect.arrayContaining(members.map(camel)));
    const result = type(`${operation}Result`);
    expect(result).toBeInstanceOf(GraphQLUnionType);
    const types = result instanceof GraphQLUnionType ? result.getTypes().map((member) => member.name) : [];
    const declared = isOperationName(operation) ? declaredErrors[operation] : [];
    expect([...types].sort()).toEqual([`${operation}Payload`, ...declared].sort());
  });
});

describe('the data of every read operation is reachable', () => {
  it.each(operations.filter(isRead))('%s', (operation) => {
    const place = reads[operation];
    if (place === undefined) throw new Error(`${operation} is in no row of the table of reads`);
    const args = field(place.field).args.map((argument) => argument.name);
    for (const member of membersOf(`${operation}Request`)) {
      const where = member === 'NextToken' ? 'after' : member === 'MaxResults' ? 'first' : place.request?.[member];
      expect(where, `${operation}Request.${member} has no place`).toBeDefined();
      if (operation === 'ListParents' || where === '<parent>') continue;
      expect(args, `${place.field} has no argument for ${member}`).toContain(where);
    }
    const [, ...further] = membersOf(`${operation}Response`).filter(
      (member) => member !== 'NextToken' && place.reply?.[member] === undefined,
    );
    expect(further, `members of ${operation}Response without a place`).toEqual([]);
    for (const where of Object.values(place.reply ?? {})) {
      if (!where.startsWith('<')) expect(fieldsOf(String(field(place.field).type).replace('!', ''))).toContain(where);
    }
  });
});

describe('every member of every structure is a field', () => {
  const shapes = structures.filter(({ name }) => !/(Request|Response)$/.test(name));
  it.each(shapes.map(({ name, members }) => [name, members] as const))('%s', (name, members) => {
    const fields = fieldsOf(renamed[name] ?? name);
    for (const member of members) {
      if (elsewhere[`${name}.${member}`] === undefined) expect(fields).toContain(camel(member));
    }
  });
});

describe('every exception is a type with its members', () => {
  const exceptions = ofKind(ERROR).filter(({ name }) => name !== 'OrganizationsServiceException');
  it.each(exceptions.map(({ name, members }) => [name, members] as const))('%s', (name, members) => {
    const declaredForWrites = operations.some(
      (operation) =>
        !isRead(operation) &&
        isOperationName(operation) &&
        declaredErrors[operation].some((declared) => declared === name),
    );
    // An exception that only reads declare is an error of the response, not a type.
    if (!declaredForWrites) return expect(schema.getType(name)).toBeUndefined();
    const fields = fieldsOf(name);
    expect(fields).toEqual(expect.arrayContaining(['message', 'code', 'requestId']));
    for (const member of members) {
      if (elsewhere[`${name}.${member}`] === undefined) expect(fields).toContain(camel(member));
    }
  });
});

describe('every enum has all values', () => {
  const isEnum = (value: unknown): value is Record<string, string> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).length > 0 &&
    Object.entries(value).every(([key, item]) => key === item);
  const enums = Object.entries(sdk).filter(([name, value]) => !name.endsWith('$') && isEnum(value));
  it.each(enums.map(([name, value]) => [name, Object.keys(value)] as const))('%s', (name, values) => {
    if (enumsElsewhere[name] !== undefined) return expect(schema.getType(name)).toBeUndefined();
    const found = type(name);
    if (!(found instanceof GraphQLEnumType)) throw new Error(`${name} is no enum`);
    expect(
      found
        .getValues()
        .map((value) => value.name)
        .sort(),
    ).toEqual([...values, ...(enumsOfRequests.includes(name) ? [] : ['UNKNOWN'])].sort());
  });
});

it('every type, field, argument, input field and enum value has a description', () => {
  const bare: string[] = [];
  const check = (name: string, description: string | null | undefined) => {
    if (description == null || description.trim() === '') bare.push(name);
  };
  for (const named of Object.values(schema.getTypeMap())) {
    if (named.name.startsWith('__') || (named instanceof GraphQLScalarType && isSpecifiedScalarType(named))) continue;
    check(named.name, named.description);
    if (named instanceof GraphQLEnumType)
      for (const value of named.getValues()) check(`${named.name}.${value.name}`, value.description);
    if (named instanceof GraphQLInputObjectType) {
      for (const one of Object.values(named.getFields())) check(`${named.name}.${one.name}`, one.description);
    }
    if (named instanceof GraphQLObjectType || named instanceof GraphQLInterfaceType) {
      for (const one of Object.values(named.getFields())) {
        check(`${named.name}.${one.name}`, one.description);
        for (const argument of one.args) check(`${named.name}.${one.name}(${argument.name}:)`, argument.description);
      }
    }
  }
  expect(bare).toEqual([]);
});

it('members that AWS deprecates are deprecated, with a replacement', () => {
  for (const path of ['Account.status', 'DelegatedAdministrator.status', 'Organization.availablePolicyTypes']) {
    expect(field(path).deprecationReason, path).toMatch(/Use `/);
  }
});
