import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../src/simulator/index.ts';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ simulator: { clock: createClock({ start: Date.UTC(2026, 4, 10, 12), rate: 0 }) } });
});
afterAll(() => demo.close());

interface Handshake {
  readonly id: string;
  readonly state: string;
  readonly action: string;
  readonly requestedTimestamp: string;
  readonly expirationTimestamp: string;
  readonly parties: readonly { readonly id: string }[];
}
interface Transfer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly startTimestamp: string;
  readonly endTimestamp: string | null;
}

const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).toSorted();
const handshakeFields = 'nodes { id state action requestedTimestamp expirationTimestamp parties { id } } totalCount';

async function sent(variables: object = {}): Promise<readonly Handshake[]> {
  const { data, errors } = await demo.query(
    `query ($filter: HandshakeFilter, $orderBy: HandshakeOrder) {
      organization { handshakes(first: 1000, filter: $filter, orderBy: $orderBy) { ${handshakeFields} } }
    }`,
    { ...variables },
  );
  expect(errors).toBeUndefined();
  const { nodes, totalCount } = data.organization.handshakes;
  expect(totalCount).toBe(nodes.length);
  return nodes;
}

describe('organization.handshakes', () => {
  it.each<[string, object, (handshake: Handshake) => boolean]>([
    ['states', { states: ['OPEN', 'DECLINED'] }, ({ state }) => state === 'OPEN' || state === 'DECLINED'],
    [
      'states and the action, which AWS filters',
      { states: ['ACCEPTED'], actionType: 'TRANSFER_RESPONSIBILITY' },
      ({ state, action }) => state === 'ACCEPTED' && action === 'TRANSFER_RESPONSIBILITY',
    ],
    [
      'expiresBefore, without the moment itself',
      { expiresBefore: '2026-05-11T00:00:00Z' },
      ({ expirationTimestamp }) => expirationTimestamp < '2026-05-11T00:00:00',
    ],
  ])('filters by %s', async (_case, filter, matches) => {
    const all = await sent();
    const expected = ids(all.filter(matches));
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.length);
    expect(ids(await sent({ filter }))).toEqual(expected);
  });

  it('finds text in the id and in the parties, in any case', async () => {
    const all = await sent();
    const [first] = all;
    expect(ids(await sent({ filter: { text: first?.id } }))).toEqual([first?.id]);
    const party = all.flatMap(({ parties }) => parties).find(({ id }) => id.includes('@'))?.id ?? '';
    const found = ids(await sent({ filter: { text: party.toUpperCase() } }));
    const withParty = ids(all.filter(({ parties }) => parties.some(({ id }) => id === party)));
    expect(withParty.length).toBeGreaterThan(0);
    expect(found).toEqual(expect.arrayContaining(withParty));
    expect(found.length).toBeLessThan(all.length);
  });

  it.each<[string, 'expirationTimestamp' | 'requestedTimestamp']>([
    ['EXPIRES', 'expirationTimestamp'],
    ['REQUESTED', 'requestedTimestamp'],
  ])('orders by %s, ties by id', async (field, member) => {
    const all = await sent();
    const byId = (a: Handshake, b: Handshake) => (a.id < b.id ? -1 : 1);
    for (const [direction, sign] of [
      ['ASC', 1],
      ['DESC', -1],
    ] as const) {
      const expected = all.toSorted((a, b) => sign * a[member].localeCompare(b[member]) || byId(a, b));
      const ordered = await sent({ orderBy: { field, direction } });
      expect(ordered.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    }
  });
});

it('viewer.handshakes filters received ones', async () => {
  const read = async (filter: object | null): Promise<readonly Handshake[]> => {
    const { data, errors } = await demo.query(
      `query ($filter: HandshakeFilter) { viewer { handshakes(first: 1000, filter: $filter) { ${handshakeFields} } } }`,
      { filter },
      { principal: 'standalone', headers: { 'x-orgql-principal': 'standalone' } },
    );
    expect(errors).toBeUndefined();
    return data.viewer.handshakes.nodes;
  };
  const all = await read(null);
  const open = all.filter(({ state }) => state === 'OPEN');
  expect(open.length).toBeGreaterThan(0);
  expect(open.length).toBeLessThan(all.length);
  expect(ids(await read({ states: ['OPEN'] }))).toEqual(ids(open));
});

describe('organization.inboundResponsibilityTransfers', () => {
  const read = async (filter: object | null): Promise<readonly Transfer[]> => {
    const { data, errors } = await demo.query(
      `query ($filter: ResponsibilityTransferFilter) { organization {
        inboundResponsibilityTransfers(first: 1000, filter: $filter) { nodes { id name status startTimestamp endTimestamp } }
      } }`,
      { filter },
    );
    expect(errors).toBeUndefined();
    return data.organization.inboundResponsibilityTransfers.nodes;
  };
  const monthOf = (timestamp: string | null) => timestamp?.slice(0, 7);

  it('filters by status, text and months', async () => {
    const all = await read(null);
    const accepted = all.filter(({ status }) => status === 'ACCEPTED');
    const ended = all.find(({ status, endTimestamp }) => status === 'WITHDRAWN' && endTimestamp !== null);
    const startsInMonth = monthOf(accepted[0]?.startTimestamp ?? null);
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length).toBeLessThan(all.length);
    expect(ended).toBeDefined();
    expect(ids(await read({ statuses: ['ACCEPTED'] }))).toEqual(ids(accepted));
    expect(ids(await read({ startsInMonth }))).toEqual(
      ids(all.filter(({ startTimestamp }) => monthOf(startTimestamp) === startsInMonth)),
    );
    const endsInMonth = monthOf(ended?.endTimestamp ?? null);
    expect(ids(await read({ endsInMonth }))).toEqual(
      ids(all.filter(({ endTimestamp }) => monthOf(endTimestamp) === endsInMonth)),
    );
    const name = accepted[0]?.name ?? '';
    expect(ids(await read({ text: name.toLowerCase() }))).toContain(accepted[0]?.id);
    const billed = all.filter(
      ({ status, startTimestamp, endTimestamp }) =>
        (status === 'ACCEPTED' || status === 'WITHDRAWN') &&
        startTimestamp < '2026-06-01' &&
        (endTimestamp === null || (endTimestamp > '2026-05-01' && endTimestamp > startTimestamp)),
    );
    expect(ids(await read({ billedInMonth: '2026-05' }))).toEqual(ids(billed));
    expect(billed.length).toBeGreaterThan(0);
  });
});

it('organization.outboundResponsibilityTransfers finds one by id', async () => {
  const document = `query ($id: ID) { organization { outboundResponsibilityTransfers(id: $id) { nodes { id } totalCount } } }`;
  const as = { headers: { 'x-orgql-principal': 'customer' } };
  const { nodes } = (await demo.query(document, {}, as)).data.organization.outboundResponsibilityTransfers;
  expect(nodes.length).toBeGreaterThan(0);
  const { data } = await demo.query(document, { id: nodes[0].id }, as);
  expect(data.organization.outboundResponsibilityTransfers).toEqual({ nodes: [nodes[0]], totalCount: 1 });
  const other = await demo.query(document, { id: 'rt-99999999' }, as);
  expect(other.data.organization.outboundResponsibilityTransfers).toEqual({ nodes: [], totalCount: 0 });
});

it('viewer.scopes names what the caller may do', async () => {
  const { data } = await demo.query('{ viewer { scopes } }');
  expect(data.viewer.scopes).toContain('read');
  expect(data.viewer.scopes).toEqual(data.viewer.scopes.toSorted());
});
