import { beforeAll, describe, expect, test } from 'vitest';
import { readTracingSettings } from '../../src/config/tracing.ts';
import { build, finishInProcess, Orgql } from '../support/cli.ts';
import { query, subscribe } from '../support/client.ts';
import { type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';

beforeAll(build);

const json = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });

async function ended(orgql: Orgql) {
  orgql.process.kill('SIGTERM');
  return orgql.finished;
}

describe('the spans of a demo', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const collected: ReceivedSpan[] = [];
  const named = (name: string) => collected.filter((span) => span.name === name);
  let texts = '';
  let calls = 0;

  beforeAll(async () => {
    await using collector = await startOtlpReceiver();
    await using orgql = new Orgql(['demo', '--port', '0'], json(collector.url));
    const url = await orgql.url();
    const { extensions } = await query(url, {
      document: 'query Tree { organization { roots { nodes { id organizationalUnits { nodes { id } } } } } }',
      // The copy of the organization may have read the same just before.
      as: {
        headers: {
          'cache-control': 'no-cache',
          traceparent: `00-${traceId}-b7ad6b7169203331-01`,
          'x-request-id': 'request-1',
        },
      },
    });
    calls = extensions.upstream.calls;
    const failed = await query(url, { document: '{ policy(id: "p-nonesuch00") { id } organization { nonsense } }' });
    expect(failed.errors).toHaveLength(1);
    const subscription = subscribe(url, {
      document: 'subscription { organizationHandshakeChanges { type handshake { id organization { id } } } }',
    });
    while ((await subscription.event()).data.organizationHandshakeChanges.type !== 'BOOKMARK');
    await query(url, {
      document:
        'mutation { inviteAccountToOrganization(input: { target: { type: EMAIL, id: "zanzibar@example.com" } }) { __typename } }',
    });
    expect((await subscription.event()).data.organizationHandshakeChanges.type).toBe('ADDED');
    await subscription.return();
    const document = '{ organization { roots { nodes { id } } } viewer { handshakes { nodes { id } } } }';
    await query(url, { document, as: { principal: 'standalone' } });
    expect(await ended(orgql)).toMatchObject({ code: 0 });
    collected.push(...collector.spans);
    texts = JSON.stringify(collector.requests);
  });

  test('an operation’s span continues the client’s trace and is the parent of its calls to AWS', () => {
    const spans = collected.filter((span) => span.traceId === traceId);
    const [operation] = spans.filter(({ name }) => name === 'query');
    expect(operation).toMatchObject({
      parentSpanId: 'b7ad6b7169203331',
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Tree',
        'orgql.principal': 'partner',
        'orgql.request_id': 'request-1',
      },
    });
    const callSpans = spans.filter(({ name }) => name.startsWith('Organizations/'));
    expect(callSpans).toHaveLength(calls);
    expect(callSpans.map(({ name }) => name)).toContain('Organizations/ListRoots');
    for (const call of callSpans) {
      expect(call.parentSpanId).toBe(operation?.spanId);
      expect(call.attributes['aws.request_id']).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(texts).toContain('\\"stringValue\\":\\"orgql\\"');
  });

  test('a subscription is a span; shared pollers have their own spans, and no span holds an argument', () => {
    expect(named('subscription')).toHaveLength(1);
    const polls = named('Organizations/ListHandshakesForOrganization');
    expect(polls.length).toBeGreaterThan(0);
    for (const poll of polls) expect(poll.parentSpanId).toBeUndefined();
    const [mutation] = named('mutation');
    expect(named('Organizations/InviteAccountToOrganization')).toMatchObject([{ parentSpanId: mutation?.spanId }]);
    expect(texts).not.toContain('zanzibar');
  });

  test('a failed call sets its span’s error code', () => {
    expect(named('Organizations/DescribeOrganization')).toContainEqual(
      expect.objectContaining({
        status: 2,
        attributes: expect.objectContaining({ 'error.type': 'AWSOrganizationsNotInUseException' }),
      }),
    );
  });
});

test('traces are sent as protobuf by default, to the endpoint’s path', async () => {
  await using collector = await startOtlpReceiver();
  await using orgql = new Orgql(['demo', '--port', '0'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await query(await orgql.url(), { document: '{ organization { id } }' });
  await ended(orgql);
  expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', type: 'application/x-protobuf' });
  expect(collector.requests[0]?.text).toContain('Organizations/DescribeOrganization');
});

test.for([
  ['no variable', {}],
  ['OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true', OTEL_TRACES_EXPORTER: 'otlp' }],
  ['OTEL_TRACES_EXPORTER=none', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }],
] as const)('%s asks for no traces', ([_, environment]) => {
  expect(readTracingSettings(environment)).toEqual({ mistakes: [] });
});

test('without tracing, neither OpenTelemetry nor the metrics are loaded', async () => {
  const script = `import module from 'node:module'; process.on('exit', () => process.stderr.write(Object.keys(module._cache).join('\\n')));`;
  await using orgql = new Orgql(['demo', '--port', '0'], {
    OTEL_SDK_DISABLED: 'true',
    OTEL_TRACES_EXPORTER: 'otlp',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
  });
  await query(await orgql.url(), { document: '{ organization { id } }' });
  const { stderr } = await ended(orgql);
  expect(stderr).toContain('node_modules/graphql/');
  expect(stderr).not.toMatch(/@opentelemetry\/|prom-client/);
});

test.for([
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'orgql: OTEL_TRACES_EXPORTER: expected otlp or none, got "zipkin"'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'orgql: OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf or http/json, got "grpc"',
  ],
] as const)('%j stops the start', async ([environment, message]) => {
  const { code, stderr } = await finishInProcess(['serve', '--port', '0'], environment);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(message);
  expect(code).toBe(2);
});

test('an unavailable collector delays neither operations nor the exit', async () => {
  await using orgql = new Orgql(['demo', '--port', '0'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  const { data } = await query(await orgql.url(), { document: '{ organization { id } }' });
  expect(data.organization.id).toBe('o-exampleorgid');
  expect((await ended(orgql)).code).toBe(0);
});
