import { beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { type OperationModel, type OperationName, operations } from '../../src/simulator/model/operations.ts';
import { shapes } from '../../src/simulator/model/shapes.ts';
import { callEveryOperation } from './every-operation.ts';
import { attempt } from './raw-call.ts';
import { RecordingHandler } from './recording-handler.ts';
import { clientOf, simulate } from './support.ts';

type Json = Readonly<Record<string, unknown>>;

interface Mutation {
  readonly what: string;
  readonly input: unknown;
  /** Default: SerializationException. */
  readonly reasons?: readonly string[];
}

const inputs = new Map<string, Json>();

beforeAll(async () => {
  await using simulator = await startSimulator({ seed: 'empty' });
  const handler = new RecordingHandler();
  await callEveryOperation(simulator, (accountId) => clientOf(simulator, accountId, 'us-east-1', handler));
  handler.destroy();
  for (const { operation, input } of handler.exchanges) {
    const widest = { ...inputs.get(operation), ...(input as Json) };
    inputs.set(operation, widest);
  }
});

/** Yields the whole input with each way in which a value of a shape can be invalid. */
function* mutate(
  value: unknown,
  shapeName: string,
  path: string,
  put: (value: unknown) => unknown,
): Generator<Mutation> {
  const shape = shapes[shapeName];
  if (!shape) return;
  const wrongType = shape.type === 'structure' || shape.type === 'list' ? 'text' : ['list'];
  yield { what: `${path} of the wrong type`, input: put(wrongType) };
  if (shape.type === 'string') {
    const scalarInList = /\]$/.test(path);
    const because = (...reasons: string[]) => (scalarInList ? ['INVALID_LIST_MEMBER'] : reasons);
    yield { what: `${path} as a number`, input: put(1) };
    if (shape.max) {
      const long = 'a'.repeat(shape.max + 1);
      yield { what: `${path} too long`, input: put(long), reasons: because('MAX_LENGTH_EXCEEDED') };
    }
    if (shape.min) yield { what: `${path} empty`, input: put(''), reasons: because('MIN_LENGTH_EXCEEDED') };
    if (shape.pattern && !shape.pattern.test('\u0000\u0000\u0000\u0000\u0000\u0000')) {
      const reasons = because('INVALID_PATTERN', 'INVALID_PATTERN_TARGET_ID', 'INVALID_SYNTAX_POLICY_ID');
      yield { what: `${path} of the wrong pattern`, input: put('\u0000'.repeat(6)), reasons };
    }
    if (shape.enum) {
      yield {
        what: `${path} not in the enum`,
        input: put('NOPE'),
        reasons: because('INVALID_ENUM', 'INVALID_ENUM_POLICY_TYPE'),
      };
    }
  }
  if (shape.type === 'integer') {
    yield { what: `${path} too small`, input: put(shape.min - 1), reasons: ['MIN_VALUE_EXCEEDED'] };
    yield { what: `${path} too large`, input: put(shape.max + 1), reasons: ['MAX_VALUE_EXCEEDED'] };
    yield { what: `${path} with a fraction`, input: put(1.5) };
  }
  if (shape.type === 'list') {
    const [first] = Array.isArray(value) ? value : [];
    yield* mutate(first, shape.member, `${path}[0]`, (item) => put([item]));
    yield { what: `${path} with a null`, input: put([null]), reasons: ['INVALID_LIST_MEMBER'] };
  }
  if (shape.type === 'structure') {
    const present: Json = typeof value === 'object' && value !== null ? (value as Json) : {};
    for (const [name, member] of Object.entries(shape.members)) {
      const inside = path === '' ? name : `${path}.${name}`;
      if (shape.required.includes(name)) {
        const { [name]: _absent, ...rest } = present;
        yield { what: `${inside} missing`, input: put(rest), reasons: ['INPUT_REQUIRED'] };
        yield { what: `${inside} null`, input: put({ ...present, [name]: null }), reasons: ['INPUT_REQUIRED'] };
      }
      yield* mutate(present[name], member, inside, (changed) => put({ ...present, [name]: changed }));
    }
  }
}

describe.each(Object.keys(operations) as OperationName[])('%s', (operation) => {
  test('rejects each invalid input with a declared exception', async () => {
    const { simulator } = await simulate();
    const { input: shape, errors }: OperationModel = operations[operation];
    if (shape === undefined) return;
    const mutations = [...mutate(inputs.get(operation), shape, '', (input) => input)];
    const wrong: unknown[] = [];
    for (const { what, input, reasons } of mutations) {
      const { error, reason } = await attempt(simulator.url, '111111111111', operation, input);
      const asExpected =
        reasons === undefined
          ? error === 'SerializationException'
          : error === 'InvalidInputException' && reasons.includes(reason ?? '') && errors.includes(error);
      if (!asExpected) wrong.push({ what, error, reason, expected: reasons ?? 'SerializationException' });
    }
    expect(wrong).toEqual([]);
  });
});
