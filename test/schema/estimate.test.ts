import fc from 'fast-check';
import {
  execute,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimate, OversizedOperationError } from '../../src/schema/cost/estimate.ts';
import { costRuleOf } from '../../src/schema/cost/rules.ts';
import { schema } from '../../src/schema/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';
import { randomQuery } from '../support/random-query.ts';
import { runs } from '../support/runs.ts';

const settings = { maxFirst: 1000, accounts: 10_000, maxValues: 1_000_000 };
const callsOf = (document: string, variables = {}) =>
  estimate(schema, { document: parse(document), variables }, settings).calls;

describe('every field', () => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
  );
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field }))
      : [],
  );

  it('that can call AWS through its context declares its cost', () => {
    const undeclared = fields.filter(({ field }) => {
      const options: unknown = field.extensions['pothosOptions'];
      const resolve: unknown =
        typeof options === 'object' && options !== null && 'resolve' in options && options.resolve;
      return typeof resolve === 'function' && resolve.length >= 3 && costRuleOf(field.extensions) === undefined;
    });
    expect(undeclared.map(({ name }) => name)).toEqual([]);
    expect(fields.filter(({ field }) => costRuleOf(field.extensions) !== undefined).length).toBeGreaterThan(100);
  });

  it('that is a list of objects with costs, outside of a connection, declares its maximum length', () => {
    const costly = (type: unknown): boolean =>
      (isObjectType(type) || isInterfaceType(type)) &&
      Object.values(type.getFields()).some((field) => costRuleOf(field.extensions) !== undefined);
    const unbounded = fields.filter(({ name, field }) => {
      if (/Connection\./.test(name) || !isListType(getNullableType(field.type))) return false;
      const type = getNamedType(field.type);
      return isCompositeType(type) && costly(type) && costRuleOf(field.extensions)?.items === undefined;
    });
    expect(unbounded.map(({ name }) => name)).toEqual([]);
  });
});

describe('the estimate', () => {
  it.each([
    ['{ viewer { caller principal { name accountId } } __schema { types { name } } }', 0],
    ['{ organization { id arn managementAccount { id email } } }', 1],
    ['{ organization { managementAccount { name state } } }', 2],
    ['{ organization { root { id policyTypes { type } } } root { name } }', 2],
    [
      '{ organization { accounts(first: 50) { nodes { name parent { id ... on OrganizationalUnit { parent { id } } } } } } }',
      4,
    ],
    ['{ organization { accounts(first: 20) { nodes { tags(first: 100) { nodes { key } } } } } }', 1 + 1 + 20 * 3],
    ['{ organization { accounts(first: 1) { totalCount } } }', 1 + 500],
    [
      'query ($n: Int = 60, $no: Boolean = false) { organization { accounts(first: $n) @skip(if: $no) { nodes { id } } } }',
      4,
    ],
    [
      '{ organization { ...o ...o } } fragment o on Organization { accounts(first: 40) { ...c } } fragment c on AccountConnection { nodes { id } }',
      3,
    ],
    ['{ account(id: "111111111111") { name email } }', 1],
    [
      '{ organization { inboundResponsibilityTransfers(type: BILLING, id: "rt-1a2b3c4d", first: 100) { nodes { tags { nodes { key } } } } } }',
      3,
    ],
    ['{ nodes(ids: ["111111111111", "p-FullAWSAccess", "h-12345678"]) { id ... on Account { name } } }', 3],
    [
      `{ nodes(ids: [${'"111111111111", '.repeat(1_001)}]) { id ... on Account { name parent { id } } } }`,
      // It is refused.
      0,
    ],
    [
      'mutation { a: tagResource(input: { resourceId: "r-exmp", tags: [] }) { ... on TagResourcePayload { resource { id tags { nodes { key } } } } } }',
      2,
    ],
    ['subscription { organizationHandshakeChanges { handshake { id state parties { account { name } } } } }', 2],
  ])('of %s is %i', (document, calls) => {
    expect(validate(schema, parse(document))).toEqual([]);
    expect(callsOf(document)).toBe(calls);
  });

  it('of a tree never exceeds the size of an organization, however deep the query', () => {
    const level = (depth: number): string =>
      `organizationalUnits(first: 1000) { nodes { name ${depth > 1 ? level(depth - 1) : ''} } }`;
    const tree = callsOf(`{ root { ${level(5)} } }`);
    // Each level: a list of at least one page for each of 2,000 units.
    expect(tree).toBeLessThanOrEqual(1 + 5 * (2000 + 100));
    expect(callsOf(`{ root { ${level(2)} } }`)).toBeGreaterThan(1000);
  });

  it('counts a management account for each handshake from another organization', () => {
    const inside = (selection: string) =>
      callsOf(`{ viewer { handshakes(first: 20) { nodes { organization { managementAccount { ${selection} } } } } } }`);
    const least = inside('id');
    expect(inside('name')).toBeGreaterThanOrEqual(least + 20);
    expect(inside('tags { nodes { key } }')).toBeGreaterThanOrEqual(least + 20);
    expect(inside('parent { __typename } policies(type: TAG_POLICY) { nodes { id } }')).toBeGreaterThanOrEqual(
      least + 40,
    );
    // The principal's own organization is one, however many handshakes name it.
    const own = callsOf('{ viewer { handshakes(first: 20) { nodes { organization { root { name } } } } } }');
    expect(own).toBeLessThanOrEqual(least + 2);
  });

  describe('of a tree', () => {
    const assumed = { ...settings, accounts: 1_000 };
    const level = (depth: number, inside: string): string =>
      depth === 0 ? '' : `organizationalUnits(first: 50) { nodes { id name ${inside} ${level(depth - 1, inside)} } }`;
    const tree = (depth: number, inside: string) => `{ root { id name ${inside} ${level(depth, inside)} } }`;
    const costOf = (document: string) => {
      expect(validate(schema, parse(document))).toEqual([]);
      return estimate(schema, { document: parse(document) }, assumed);
    };
    const accounts = 'accounts(first: 50) { nodes { id name } }';
    /**
     * A list of units and one of accounts for each of 2,000 units and the root, with as many pages more as all items
     * take.
     */
    const lists = 1 + (2001 + 100) + (2001 + 50);

    it.each([4, 5, 6, 8])(
      'with its accounts at %i levels is a call for each list of each unit that there can be',
      (depth) => {
        // Beside them a sweep of ListAccounts that is given up, and the root's own lists, which are counted for
        // themselves.
        expect(costOf(tree(depth, accounts)).calls).toBeLessThanOrEqual(lists + 50 + 6);
      },
    );

    it.each([4, 6])('through its children at %i levels has the values of as many units as there can be', (depth) => {
      const inner = (left: number): string =>
        left === 0
          ? ''
          : `children(type: ORGANIZATIONAL_UNIT, first: 50) { nodes { organizationalUnit { id name ${inner(left - 1)} } } }`;
      const { values } = costOf(`{ root { id ${inner(depth)} } }`);
      const same = costOf(tree(depth, '')).values;
      expect(values).toBeGreaterThanOrEqual(same);
      expect(values).toBeLessThan(3 * same);
    });

    it('is at least the cost of a tree with AWS’s maximum of units at each level', () => {
      expect(costOf(tree(1, accounts)).calls).toBe(1 + 3 + (3 + 50 * 1 + 50) + 50);
      expect(costOf(tree(4, accounts)).calls).toBeGreaterThanOrEqual(lists - 1);
    });

    it.each([
      ['policies', 'policies(type: SERVICE_CONTROL_POLICY) { nodes { id name } }', 2 * 2001],
      ['tags', 'tags(first: 50) { nodes { key value } }', 3 * 2001],
      ['ids of accounts', 'children(type: ACCOUNT) { nodes { id } }', 2001 + 50],
      ['tags of its accounts', 'accounts(first: 50) { nodes { tags { nodes { key } } } }', 2001 + 50 + 50 + 1_000],
    ])('with %s at each level counts them once per object', (_, inside, most) => {
      const [four, six] = [costOf(tree(4, inside)), costOf(tree(6, inside))];
      expect(six.calls).toBe(four.calls);
      expect(six.calls).toBeLessThanOrEqual(1 + 2001 + 100 + most + 6);
    });

    it('counts lists of one unit once for each filter', () => {
      const both = 'policies(type: TAG_POLICY) { nodes { id } } b: policies(type: BACKUP_POLICY) { nodes { id } }';
      const one = costOf(tree(5, 'policies(type: TAG_POLICY) { nodes { id } }'));
      expect(costOf(tree(5, both)).calls - one.calls).toBe(2 * 2001);
      const same = 'policies(type: TAG_POLICY) { nodes { id } } b: policies(type: TAG_POLICY) { nodes { name } }';
      expect(costOf(tree(5, same)).calls).toBe(one.calls);
    });

    it('adds the pages of a longer list, in any order of the fields', () => {
      const [short, long] = ['a: tags { nodes { key } }', 'b: tags(first: 50) { nodes { key } }'];
      const costs = [`${short} ${long}`, `${long} ${short}`, long].map((inside) => costOf(tree(5, inside)).calls);
      expect(new Set(costs).size).toBe(1);
      expect(costOf(tree(5, short)).calls).toBeLessThan(costs[0] ?? 0);
    });

    it('does not share pages after a cursor, nor accounts that are read by id', () => {
      const units = 'organizationalUnits(first: 50) { nodes { id } }';
      const one = costOf(`{ root { ${units} } }`).calls;
      const after = units.replace('first: 50', 'first: 50, after: "x"');
      expect(costOf(`{ root { a: ${units} b: ${after} c: ${after} } }`).calls).toBe(one + 2 * 4);
      const ids = (name: string) =>
        `${name}: nodes(ids: [${'"111111111111", '.repeat(900)}]) { ... on Account { tags { nodes { key } } } }`;
      // Each by its id, its tags, and a sweep of ListAccounts.
      expect(costOf(`{ ${ids('a')} ${ids('b')} }`).calls).toBe(2 * 2 * 900 + 50);
    });

    it('counts each mutation by itself', () => {
      const field = (name: string) =>
        `${name}: tagResource(input: { resourceId: "r-exmp", tags: [] }) { ... on TagResourcePayload { resource { ... on Root { ${level(5, '')} } } } }`;
      const one = costOf(`mutation { ${field('a')} }`).calls;
      expect(costOf(`mutation { ${field('a')} ${field('b')} }`).calls).toBe(2 * one);
    });

    it('has no more values than the maximum of units and accounts', () => {
      const inside =
        'tags(first: 50) { nodes { key value } } accounts(first: 50) { nodes { id tags(first: 50) { nodes { key value } } } }';
      const { values } = costOf(tree(6, inside));
      // Of a unit: id, name, three connections with their nodes, 50 tags of two fields; of an account: id, tags, nodes,
      // 50 tags.
      const most = 2001 * (2 + 3 * 2 + 50 * 2) + 1_000 * (3 + 50 * 2) + 2;
      expect(values).toBeLessThanOrEqual(most);
      expect(values).toBeGreaterThan(most * 0.98);
    });
  });

  it('names the most expensive fields and the lists around them', () => {
    const { fields } = estimate(
      schema,
      { document: parse('{ organization { all: accounts(first: 300) { nodes { tags { nodes { key } } } } } }') },
      settings,
    );
    expect(fields[0]).toEqual({
      path: 'organization.all.nodes.tags',
      calls: 300,
      lists: [
        { path: 'organization.all', first: 300 },
        { path: 'organization.all.nodes.tags', first: 20 },
      ],
    });
  });

  it('aborts for an excessively large operation', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, n) =>
        `fragment f${n} on Account { a: parent { ...p${n} } b: parent { ...p${n} } } fragment p${n} on Parent { accounts { nodes { ...f${n + 1} } } }`,
    );
    const document = parse(
      `{ account(id: "111111111111") { ...f0 } } ${fragments.join(' ')} fragment f40 on Account { id }`,
    );
    // About 2^40 fields, which cannot all be visited.
    expect(() => estimate(schema, { document }, settings)).toThrow(OversizedOperationError);
  });
});

describe('the maximum number of values of a response', () => {
  const valuesOf = (document: string, variables?: Record<string, unknown>) => {
    expect(validate(schema, parse(document))).toEqual([]);
    return estimate(schema, { document: parse(document), variables }, settings).values;
  };
  const units = (inside: string) => `organizationalUnits(first: 1000) { nodes { ${inside} } }`;

  it.each([
    ['{ __typename }', 1],
    ['{ organization { id } again: organization { id arn } }', 2 + 3],
    ['{ organization { accounts(first: 50) { totalCount nodes { id name } } } }', 1 + 1 + 1 + 1 + 50 * 2],
    ['{ organization { accounts(first: 50) { edges { cursor node { id } } } } }', 1 + 1 + 1 + 50 * 3],
    [
      '{ organization { accounts(first: 50) { nodes { __typename tags(first: 100) { nodes { key } } } } } }',
      3 + 50 * (1 + 1 + 1 + 50),
    ],
    // There are 2,000 units in all: 1,000 of them at the first level leave 1,000 for the second.
    [`{ root { ${units(units('id'))} } }`, 1 + 1 + 1 + 1000 * 2 + 1000],
    [`{ root { ${units(units(units(units('id name'))))} } }`, 1 + 1 + 1 + 2000 * 2],
    // Two names for one list show each unit twice.
    [`{ root { a: ${units('id')} b: ${units('id')} } }`, 1 + 2 * (1 + 1 + 1000)],
    [`{ root { a: ${units('id')} } again: root { b: ${units('id')} } }`, 2 * (1 + 1 + 1 + 1000)],
    // The units of a unit may be those that are shown below the root as well.
    [
      `{ root { ${units(units('id name x: arn'))} } organizationalUnit(id: "ou-exmp-abcdefgh") { ${units('id name x: arn')} } }`,
      1 + 1 + 1 + 2000 * 3 + (1 + 1 + 1 + 1000 * 3),
    ],
    // Accounts of one parent have it in each of their places.
    [
      '{ organization { accounts(first: 10) { nodes { parent { accounts(first: 20) { nodes { id } } } } } } }',
      3 + 10 * (1 + 1 + 1 + 20),
    ],
    [
      `{ nodes(ids: [${'"o-exampleorgid", '.repeat(100)}]) { id ... on Organization { managementAccount { id } } } }`,
      1 + 100 * (1 + 1 + 1),
    ],
    ['{ account(id: "111111111111") { id @skip(if: true) name } }', 2],
  ])('of %s is %i', (document, values) => {
    expect(valuesOf(document)).toBe(values);
  });

  it('of an introspection is exact', () => {
    const document = getIntrospectionQuery();
    const countOf = (value: unknown): number => {
      if (Array.isArray(value)) return value.reduce((sum, each) => sum + countOf(each), 0);
      if (typeof value !== 'object' || value === null) return 0;
      return Object.values(value).reduce((sum, each) => sum + 1 + countOf(each), 0);
    };
    const answer = execute({ schema, document: parse(document) });
    expect(valuesOf(document)).toBe(countOf((answer as { data: unknown }).data));
  });

  it('of an introspection in fragments and aliases is not counted beyond the limit', () => {
    const types = (inside: string) =>
      `type { ${inside} ofType { ${inside} ofType { ${inside} ofType { ${inside} } } } }`;
    const fields = (inside: string) =>
      [...'abcdefghijklmnop'].map((alias) => `${alias}: fields { ${types(inside)} }`).join(' ');
    const document = `{ __schema { types { ${fields('...f')} } } } fragment f on __Type { ${fields('name kind')} }`;
    expect(valuesOf(document)).toBeGreaterThan(settings.maxValues);
  });
});

describe('a query', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({ config: { upstream: { cacheMs: 0, budget: 'off' }, graph: { maxCalls: 1_000_000 } } });
  });
  afterAll(() => demo.close());

  it('never costs more than its estimate', async () => {
    const answer = await demo.query(/* GraphQL */ `
      {
        organization {
          id
          root { id organizationalUnits { nodes { id } } }
          accounts { nodes { id } }
          policies(type: SERVICE_CONTROL_POLICY) { nodes { id } }
          handshakes { nodes { id } }
          inboundResponsibilityTransfers { nodes { id } }
          createAccountStatuses { nodes { id } }
        }
      }
    `);
    const { id, root, ...lists } = answer.data.organization;
    const idsOf = (list: { nodes: { id: string }[] }) => list.nodes.map((node) => node.id);
    const ids = {
      account: idsOf(lists.accounts),
      organizationalUnit: idsOf(root.organizationalUnits),
      policy: idsOf(lists.policies),
      handshake: idsOf(lists.handshakes),
      responsibilityTransfer: idsOf(lists.inboundResponsibilityTransfers),
      inboundResponsibilityTransfers: idsOf(lists.inboundResponsibilityTransfers),
      createAccountStatus: idsOf(lists.createAccountStatuses),
      root: [root.id],
      '': [
        id,
        root.id,
        ...Object.values(lists).flatMap((list) => idsOf(list as { nodes: { id: string }[] }).slice(0, 6)),
      ],
    };
    let costly = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const document = randomQuery(g, schema, { depth: 6, breadth: 4, maxFirst: 25, ids });
        const estimated = callsOf(document);
        fc.pre(estimated < 3_000);
        const { extensions } = await demo.query(document);
        if (extensions.upstream.calls > 3) costly += 1;
        expect(extensions.upstream.calls, document).toBeLessThanOrEqual(estimated);
      }),
      { numRuns: runs(150), maxSkipsPerRun: 1000 },
    );
    expect(costly).toBeGreaterThan(runs(150) / 8);
  });
});
