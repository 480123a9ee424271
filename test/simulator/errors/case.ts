import type { ErrorName } from '../../../src/simulator/model/errors.ts';
import type { OperationName } from '../../../src/simulator/model/operations.ts';
import type { ErrorCase } from './stage.ts';

/** `error` can include a reason: `ConstraintViolationException OU_DEPTH_LIMIT_EXCEEDED`. */
export function rule(
  operation: OperationName,
  error: ErrorName | `${ErrorName} ${string}`,
  when: string,
  provoke: ErrorCase['provoke'],
): ErrorCase {
  const [name, reason] = error.split(' ');
  return {
    operation,
    error: name as ErrorName,
    ...(reason !== undefined && { reason }),
    by: 'rule',
    when,
    provoke,
  };
}

export const constraint = <Reason extends string>(reason: Reason) => `ConstraintViolationException ${reason}` as const;
export const handshakeConstraint = <Reason extends string>(reason: Reason) =>
  `HandshakeConstraintViolationException ${reason}` as const;
export const invalid = <Reason extends string>(reason: Reason) => `InvalidInputException ${reason}` as const;
