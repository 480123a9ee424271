import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../support/gateway.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.close());

it('a result has its fields in the order of the selection, however long each takes', async () => {
  const { data } = await demo.query(
    '{ organization { accounts(first: 1) { totalCount pageInfo { hasNextPage } nodes { parent { name } id } } id } viewer { caller } }',
  );
  expect(JSON.stringify(data)).toMatch(
    /^\{"organization":\{"accounts":\{"totalCount":\d+,"pageInfo":\{.*\},"nodes":\[\{"parent":\{.*\},"id":.*\}\]\},"id":.*\},"viewer":/,
  );
});

it('an event of a subscription has its fields in the order of the selection', async () => {
  const events = demo.subscribe(
    'subscription { organizationHandshakeChanges { handshake { responsibilityTransfer { activeHandshake { id } } state id } type cursor } }',
  );
  const { data } = await events.event();
  expect(Object.keys(data.organizationHandshakeChanges)).toEqual(['handshake', 'type', 'cursor']);
  expect(Object.keys(data.organizationHandshakeChanges.handshake)).toEqual(['responsibilityTransfer', 'state', 'id']);
});
