import { z } from 'zod';
import { type ErrorName, errorNames } from '../model/errors.ts';
import { type OperationName, operations } from '../model/operations.ts';
import { formatIssues } from '../worlds/format-issues.ts';
import { accountId } from '../worlds/world-file-schema.ts';

export const share = z.number().min(0).max(1);
export const milliseconds = z.number().nonnegative();
const operationNames = Object.keys(operations).filter((name): name is OperationName => Object.hasOwn(operations, name));
const operation = z.enum(operationNames);
const error: z.ZodType<ErrorName> = z.enum(errorNames);

export const latencySchema = z.union([
  milliseconds,
  z.strictObject({ min: milliseconds, max: milliseconds }),
  z.strictObject({ median: milliseconds, p99: milliseconds }),
]);

const failure = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error'),
    error,
    reason: z.string().exactOptional(),
    message: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('status'), status: z.number().int().min(400).max(599) }),
  z.strictObject({ kind: z.literal('reset'), when: z.enum(['before', 'after']).exactOptional() }),
  z.strictObject({ kind: z.literal('truncate') }),
  z.strictObject({ kind: z.literal('hang') }),
]);

export const failureRuleSchema = z.strictObject({
  failure,
  operation: operation.exactOptional(),
  accountId: accountId.exactOptional(),
  probability: share.exactOptional(),
  times: z.number().int().positive().exactOptional(),
});

export const faultsSchema = z.strictObject({
  latency: latencySchema.exactOptional(),
  latencyByOperation: z.partialRecord(operation, latencySchema).exactOptional(),
  throttle: z.boolean().exactOptional(),
  emptyPages: share.exactOptional(),
  failures: z.array(failureRuleSchema).exactOptional(),
});

/** @throws {TypeError} with the path of each invalid value */
export function checkFault(schema: z.ZodType, value: unknown): void {
  const { error } = schema.safeParse(value);
  if (error) throw new TypeError(`The fault is not valid:\n${formatIssues(error)}`);
}
