import { expect, test } from 'vitest';
import { EventList, MAX_EVENTS } from '../../src/transport/graphiql/browser/event-list.ts';
import { findId, findVariables } from '../../src/transport/graphiql/browser/find-variables.ts';

const source = { query: 'Received', where: { state: ['OPEN'] }, newestBy: 'requestedTimestamp', after: 'Invite' };
const handshake = (id: string, state: string, requestedTimestamp: string) => ({ id, state, requestedTimestamp });
const nodes = [
  handshake('h-old', 'OPEN', '2026-01-01T00:00:00.000Z'),
  handshake('h-newest-open', 'OPEN', '2026-03-01T00:00:00.000Z'),
  handshake('h-newest', 'ACCEPTED', '2026-04-01T00:00:00.000Z'),
];
const answer = { data: { viewer: { id: 'not-a-handshake', handshakes: { nodes } } } };

test('finds the newest object for an example', () => {
  expect(findId(answer.data, source)).toBe('h-newest-open');
  expect(findId({ viewer: { handshakes: { nodes: nodes.slice(2) } } }, source)).toBeUndefined();
  expect(findId({ viewer: null }, source)).toBeUndefined();
});

test('queries only for omitted variables', async () => {
  const asked: unknown[] = [];
  const find = (variables: object) =>
    findVariables({ handshakeId: source }, { query: 'Q', variables: { ...variables } }, async (params) => {
      asked.push(params);
      return answer;
    });
  expect(await find({ handshakeId: 'h-given' })).toEqual({ found: {} });
  expect(asked).toEqual([]);
  for (const variables of [{}, { handshakeId: null }, { handshakeId: '' }])
    expect(await find(variables)).toEqual({ found: { handshakeId: 'h-newest-open' } });
  expect(asked).toEqual(Array.from({ length: 3 }, () => ({ query: 'Q', operationName: 'Received' })));
});

test('shows the errors of a failed query for a variable', async () => {
  const failed = { errors: [{ message: 'no' }] };
  expect(await findVariables({ handshakeId: source }, { query: 'Q' }, async () => failed)).toEqual({
    found: {},
    failure: failed,
  });
});

test('shows a bounded number of a subscription’s events, the newest first', () => {
  const events = new EventList();
  for (let number = 0; number < MAX_EVENTS + 5; number += 1) events.add({ data: { number }, extensions: {} });
  events.complete();
  const newest = Array.from({ length: MAX_EVENTS }, (_, index) => ({ data: { number: MAX_EVENTS + 4 - index } }));
  expect(events.toJSON()).toEqual({
    subscription: 'complete',
    events: MAX_EVENTS + 5,
    shown: MAX_EVENTS,
    newestFirst: newest,
  });
});

test('shows the errors of a failed subscription and the events before them', () => {
  const events = new EventList({ handshakeId: 'h-1' });
  events.add({ data: { a: 1 } });
  events.fail([{ message: 'gone' }]);
  events.complete();
  expect(events.toJSON()).toEqual({
    subscription: 'failed',
    variables: { handshakeId: 'h-1' },
    errors: [{ message: 'gone' }],
    events: 1,
    newestFirst: [{ data: { a: 1 } }],
  });
});
