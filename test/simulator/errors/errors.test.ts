import { describe, expect, test } from 'vitest';
import { errorReasons } from '../../../src/simulator/model/errors.ts';
import { type OperationModel, type OperationName, operations } from '../../../src/simulator/model/operations.ts';
import { errorCases } from './cases.ts';
import { Stage } from './stage.ts';

const reasons: Readonly<Partial<Record<string, readonly string[]>>> = errorReasons;

describe.each(Object.keys(operations) as OperationName[])('%s', (operation) => {
  const cases = errorCases.filter((one) => one.operation === operation);
  test.each(cases)('$error $reason: $when', async ({ error, reason, provoke }) => {
    await using stage = await Stage.open();
    const outcome = await provoke(stage);
    expect({ error: outcome.error, reason: outcome.reason, message: outcome.message }).toEqual({
      error,
      reason,
      message: expect.stringMatching(/.{10}/),
    });
    const { errors }: OperationModel = operations[operation];
    expect(errors).toContain(error);
    expect(reasons[error]?.includes(reason ?? '') ?? reason === undefined).toBe(true);
  });
});
