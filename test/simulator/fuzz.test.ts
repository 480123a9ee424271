import { request } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OperationModel, type OperationName, operations } from '../../src/simulator/model/operations.ts';
import { shapes } from '../../src/simulator/model/shapes.ts';
import { runs } from '../support/runs.ts';
import { attempt, authorization, send } from './raw-call.ts';
import { simulate } from './support.ts';

const names = Object.keys(operations) as OperationName[];

const targets = fc.oneof(
  fc.constantFrom(...names).map((name) => `AWSOrganizationsV20161128.${name}`),
  fc.constantFrom(
    '',
    '.',
    'AWSOrganizationsV20161128.',
    'AWSOrganizationsV20161128.constructor',
    'DynamoDB_20120810.ListTables',
  ),
  fc.string(),
);
const visible = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const authorizations = fc.oneof(
  fc.constant(authorization('111111111111')),
  fc.constantFrom('', 'Basic YTpi', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=a', authorization('x', '', 's3')),
  visible,
);
const bodies = fc.oneof(
  fc.json(),
  fc.string(),
  fc.constantFrom('', '{', '[]', 'null', '"text"', '1e999', '{"__proto__":1}'),
);

test('no request causes an internal error', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  await fc.assert(
    fc.asyncProperty(targets, authorizations, bodies, async (target, signature, body) => {
      const headers = { 'x-amz-target': target.replace(/[^\x20-\x7e]/g, '?'), authorization: signature };
      const { status, text } = await send(simulator.url, { headers, body });
      expect([200, 400]).toContain(status);
      if (status === 400) expect(JSON.parse(text).__type).toMatch(/^\w+Exception$/);
    }),
    { numRuns: runs(500) },
  );
});

test('any JSON input succeeds or fails with a declared exception', async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  const values = fc.oneof(
    fc.constantFrom('111111111111', 'r-exmp', 'p-FullAWSAccess', 'o-exampleorgid', 'TAG_POLICY', 'ACCOUNT', 'BILLING'),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const inputs = fc.constantFrom(...names).chain((name) => {
    const { input }: OperationModel = operations[name];
    const members = input === undefined ? {} : membersOf(input);
    return fc.tuple(
      fc.constant(name),
      fc.record(Object.fromEntries(Object.keys(members).map((key) => [key, values])), { requiredKeys: [] }),
    );
  });
  await fc.assert(
    fc.asyncProperty(inputs, async ([name, input]) => {
      const { error } = await attempt(simulator.url, '111111111111', name, input);
      const { errors }: OperationModel = operations[name];
      if (error !== undefined) expect([...errors, 'SerializationException']).toContain(error);
    }),
    { numRuns: runs(1_000) },
  );
});

test('rejects malformed HTTP, and serves the next request', async () => {
  const { simulator } = await simulate();
  const large = await send(simulator.url, { body: `"${'x'.repeat(2_000_000)}"` }).catch(() => undefined);
  expect(large?.status ?? 413).toBe(413);
  const get = await fetch(`${simulator.url}/some/path`);
  expect(get.status).toBe(400);
  await new Promise<void>((resolve) => {
    const broken = request(simulator.url, { method: 'POST', headers: { 'content-length': '100' } });
    broken.on('error', () => resolve());
    broken.write('{');
    broken.destroy();
  });
  expect((await send(simulator.url, {})).status).toBe(400);
});

function membersOf(shapeName: string): Readonly<Record<string, string>> {
  const shape = shapes[shapeName];
  return shape?.type === 'structure' ? shape.members : {};
}
