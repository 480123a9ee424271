import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { notificationEvents } from '../../src/config/notifications.ts';
import { eventAt } from '../../src/notifications/events/event.ts';
import { gapEvent, testEvent } from '../../src/notifications/events/other-events.ts';
import { eventsSchema } from '../../src/notifications/events/schema.ts';
import type { WallMs } from '../../src/upstream/index.ts';
import { schemaErrors } from '../support/webhook-receiver.ts';

const root = join(import.meta.dirname, '../..');

it('schemas/events.json is what the code prints', () => {
  expect(readFileSync(join(root, 'schemas/events.json'), 'utf8')).toBe(`${JSON.stringify(eventsSchema(), null, 2)}\n`);
});

it('has a type for each change of each object, for reminders, gaps and samples', () => {
  const titles = (eventsSchema()['oneOf'] as { readonly title: string }[]).map(({ title }) => title);
  const changes = notificationEvents.flatMap((name) =>
    ['added', 'changed', 'removed'].map((kind) => `dev.orgql.${name}.${kind}.v1`),
  );
  const others = ['handshake.expiring', 'responsibilityTransfer.expiring', 'gap', 'test'];
  expect(titles.toSorted()).toEqual([...changes, ...others.map((name) => `dev.orgql.${name}.v1`)].toSorted());
});

it('docs/notifications.md names each object and type', () => {
  const page = readFileSync(join(root, 'docs/notifications.md'), 'utf8');
  for (const name of notificationEvents) expect(page).toContain(`| \`${name}\` |`);
  for (const type of ['gap', 'test', 'handshake.expiring', 'responsibilityTransfer.expiring'])
    expect(page).toContain(`\`dev.orgql.${type}.v1\``);
});

const now = Date.UTC(2027, 0, 1) as WallMs;
const gap = {
  reason: 'OUTBOX_FULL',
  since: now,
  until: now,
  events: 3,
  firstId: 'a:1',
  lastId: 'a:3',
  list: null,
} as const;

it('a sample, a gap and a change are valid, and other events are not', () => {
  expect(schemaErrors(eventAt(1, testEvent('desk', now)))).toEqual([]);
  expect(schemaErrors(eventAt(1, gapEvent(gap, 'desk')))).toEqual([]);
  const change = { ...testEvent('desk', now), type: 'dev.orgql.handshake.added.v1', subject: 'h-1' };
  expect(schemaErrors(eventAt(1, { ...change, data: { handshake: { id: 'h-1' }, members: [] } }))).toEqual([]);
  expect(schemaErrors(eventAt(1, { ...change, data: { handshake: { state: 'OPEN' }, members: [] } }))).not.toEqual([]);
  expect(schemaErrors(eventAt(1, { ...change, type: 'dev.orgql.handshake.moved.v1' }))).not.toEqual([]);
});

it('the example of docs/notifications.md is valid', () => {
  const page = readFileSync(join(root, 'docs/notifications.md'), 'utf8');
  const [, example = ''] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
  expect(schemaErrors(JSON.parse(example))).toEqual([]);
});
