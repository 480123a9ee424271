import { expect, test } from 'vitest';
import { type OperationModel, type OperationName, operations } from '../../src/simulator/model/operations.ts';
import { findShapeViolations } from './check-shape.ts';
import { callEveryOperation } from './every-operation.ts';
import { RecordingHandler } from './recording-handler.ts';
import { clientOf, simulate } from './support.ts';

test('every operation returns output that conforms to the model', async () => {
  const { simulator } = await simulate();
  const handler = new RecordingHandler();
  await callEveryOperation(simulator, (accountId) => clientOf(simulator, accountId, 'us-east-1', handler));
  handler.destroy();
  const called = new Set(handler.exchanges.map(({ operation }) => operation));
  expect([...called].sort()).toEqual(Object.keys(operations).sort());
  for (const { operation, input, status, headers, output } of handler.exchanges) {
    const model: OperationModel = operations[operation as OperationName];
    expect([operation, status]).toEqual([operation, 200]);
    expect(headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(findShapeViolations(input, model.input ?? operation).filter(() => model.input)).toEqual([]);
    if (model.output === undefined) expect(output).toBe('');
    else expect([operation, ...findShapeViolations(JSON.parse(output), model.output)]).toEqual([operation]);
  }
});
