import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLEnumType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { type ActionError, exceptions, sentenceOf } from '../../src/console/actions/exceptions.ts';
import { reasonSentences } from '../../src/console/actions/reasons.generated.ts';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const error = (members: Partial<ActionError>): ActionError => ({
  code: 'ServiceException',
  reason: undefined,
  message: 'as AWS says it',
  requestId: 'f3a1c0de-0000-4000-8000-000000000000',
  isRetryable: false,
  isUnknown: false,
  ...members,
});

const types = Object.values(schema.getTypeMap());
const declared = types
  .filter((type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Error'))
  .map(({ name }) => name);

test('every exception of the schema has a sentence and a next step, and no other has', () => {
  expect(declared.length).toBeGreaterThan(40);
  expect(Object.keys(exceptions).sort()).toEqual([...declared].sort());
  for (const { cause, next } of Object.values(exceptions)) {
    expect(cause).toMatch(/^[A-Z].*\.$/);
    expect(next).toMatch(/^[A-Z].*\.$/);
  }
});

test('every reason of an exception, and of a failed creation, has a sentence', () => {
  const reasons = types
    .filter(({ name }) => /(Exception|Failure)Reason$/.test(name))
    .flatMap((type) => (type as GraphQLEnumType).getValues().map(({ name }) => name))
    .filter((name) => name !== 'UNKNOWN');
  expect(reasons.length).toBeGreaterThan(80);
  expect(Object.keys(reasonSentences).sort()).toEqual([...new Set(reasons)].sort());
  for (const sentence of Object.values(reasonSentences)) expect(sentence).toMatch(/^[A-Z].*\.$/);
});

test('a reason says the cause, and a newer one has the words of AWS', () => {
  const code = 'ConstraintViolationException';
  expect(sentenceOf(error({ code, reason: 'WAIT_PERIOD_ACTIVE' }))).toEqual({
    cause: reasonSentences['WAIT_PERIOD_ACTIVE'],
    next: 'Try again when the account is older.',
  });
  expect(sentenceOf(error({ code, reason: 'A_NEWER_REASON' })).cause).toBe('as AWS says it');
  expect(sentenceOf(error({ code: 'ANewerException' })).cause).toBe('as AWS says it');
});

test('a lost answer is not reported as a refusal', () => {
  const { cause, next } = sentenceOf(error({ code: 'UPSTREAM_TIMEOUT', isUnknown: true }));
  expect(cause).toContain('may have carried it out');
  expect(next).toContain('before you send it again');
});
