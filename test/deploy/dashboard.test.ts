import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { subscribeBySse } from '../support/client.ts';
import { startDemo } from '../support/gateway.ts';
import { send } from '../support/http.ts';
import { inviteToTransfer } from '../support/transfers.ts';
import { secret, WebhookReceiver } from '../support/webhook-receiver.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const file = join(import.meta.dirname, '../../deploy/grafana/orgql.json');
const dashboard: { panels: Panel[]; templating: { list: { definition?: string }[] } } = JSON.parse(
  readFileSync(file, 'utf8'),
);
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const queries = [...expressions, ...dashboard.templating.list.flatMap(({ definition }) => definition ?? [])];

/** What the gateway exposes: every series' name, and the labels that belong to it. */
async function exposed(): Promise<Map<string, Set<string>>> {
  const limits = { DescribePolicy: { rate: 0.01, burst: 1 } };
  await using receiver = await WebhookReceiver.start();
  const webhook = { url: receiver.url, secret, allowHttp: true, allowPrivateAddresses: true };
  // A reminder is sent for an invitation of the first snapshot, too.
  const expiring = { beforeMs: 30 * 86_400_000 };
  await using demo = await startDemo({
    config: {
      inventory: [{ principal: 'partner', policyContents: false }],
      notifications: [{ name: 'desk', principal: 'partner', events: ['handshake'], expiring, webhook }],
      metrics: { port: 0 },
      shutdown: { graceMs: 0 },
      upstream: { budget: 'documented', limits, deadlineMs: 600_000 },
    },
  });
  // So that every metric with labels has a series: a success, an error, a waiting call, a list of a copy, an event.
  await demo.query('{ organization { id } }');
  await demo.query('{ nonsense }');
  const socket = connect(demo.gateway.port, '127.0.0.1').on('error', () => {});
  socket.resume().write('not HTTP\r\n\r\n');
  await once(socket, 'close');
  await inviteToTransfer(demo, { name: 'Acme' });
  const document = '{ a: policy(id: "p-aaaaaaaa01") { name } b: policy(id: "p-aaaaaaaa02") { name } }';
  const waits = subscribeBySse(demo.url, { document });
  waits.next().catch(() => {});
  let text = '';
  const last = ['orgql_upstream_waiting_calls{', 'orgql_inventory_age_seconds{', 'orgql_notifications_lag_seconds{'];
  const hasAll = () => last.every((sample) => text.includes(sample));
  while (!hasAll()) ({ text } = await send(`${demo.gateway.metricsUrl}`));
  await waits.return();
  const series = new Map<string, Set<string>>();
  for (const [_, name = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name];
    for (const each of names) series.set(each, new Set(['job', 'instance']));
  }
  for (const [_, name = '', labels = ''] of text.matchAll(/^(\w+)\{(.*)\} /gm)) {
    for (const [_pair, label = ''] of labels.matchAll(/(\w+)="/g)) series.get(name)?.add(label);
  }
  return series;
}

test('the dashboard uses only exposed metrics and labels, and shows all of orgql’s metrics', async () => {
  const series = await exposed();
  const asked = new Set(queries.flatMap((query) => query.match(/\b(?:orgql|process|nodejs)_\w+/g) ?? []));
  for (const name of asked) expect(series.has(name), name).toBe(true);
  const isShown = (name: string) =>
    [...asked].some((each) => each.replace(/_bucket$/, '') === name.replace(/_(bucket|sum|count)$/, ''));
  expect([...series.keys()].filter((name) => !isShown(name))).toEqual([]);
  for (const query of expressions) {
    const names = query.match(/\b(?:orgql|process|nodejs)_\w+/g) ?? [];
    const known = new Set(['le', ...names.flatMap((name) => [...(series.get(name) ?? [])])]);
    const grouped = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([_, list = '']) => list.split(', '));
    const matched = [...query.matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([_, label = '']) => label);
    for (const label of [...grouped, ...matched]) expect([...known], query).toContain(label);
  }
});

test('panels have unique ids and do not overlap', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const [index, { gridPos: a, title }] of panels.entries()) {
    expect(a.x + a.w, title).toBeLessThanOrEqual(24);
    for (const { gridPos: b, title: other } of panels.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      expect(apart, `${title} and ${other}`).toBe(true);
    }
  }
});

test('a legend uses only labels that its query keeps', () => {
  for (const { title, targets = [] } of dashboard.panels) {
    for (const { expr, legendFormat } of targets) {
      for (const [_, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(expr, title).toMatch(new RegExp(`by \\(.*\\b${label}\\b`));
    }
  }
});

test('docs/operations.md lists exactly the metrics', async () => {
  const documented = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const named = new Set(documented.match(/\b(?:orgql|process|nodejs)_[a-z_]+\b/g));
  const names = new Set([...(await exposed()).keys()].map((name) => name.replace(/_(bucket|sum|count)$/, '')));
  expect([...named].sort()).toEqual([...names].sort());
});
