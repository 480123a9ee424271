import { messagePrefix } from './model/error-messages.ts';
import type { ErrorName, ErrorReason } from './model/errors.ts';

/** Errors of the protocol, the signature and STS, which AWS returns before the operation runs. */
export type ProtocolErrorName =
  | 'ExpiredTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'RequestEntityTooLargeException'
  | 'SerializationException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException'
  | 'ValidationError'
  | 'InvalidAction';

/** An exception as AWS returns it. */
export class ServiceError extends Error {
  override readonly name: ErrorName | ProtocolErrorName;
  readonly reason: string | undefined;

  constructor(name: ErrorName | ProtocolErrorName, message: string, reason?: string) {
    super(message);
    this.name = name;
    this.reason = reason;
  }

  get status(): number {
    if (this.name === 'ServiceException') return 500;
    return this.name === 'RequestEntityTooLargeException' ? 413 : 400;
  }
}

type NameWithReason = { [Name in ErrorName]: ErrorReason<Name> extends never ? never : Name }[ErrorName];

/** @param detail follows AWS's sentence for the exception, and names the value that is wrong */
export function throwException(name: Exclude<ErrorName, NameWithReason>, detail: string): never {
  throw new ServiceError(name, `${messagePrefix(name)}${detail}`);
}

export function throwExceptionWithReason<Name extends NameWithReason>(
  name: Name,
  reason: ErrorReason<Name>,
  detail: string,
): never {
  throw new ServiceError(name, `${messagePrefix(name, reason)}${detail}`, reason);
}

export function throwInvalidInput(reason: ErrorReason<'InvalidInputException'>, message: string): never {
  return throwExceptionWithReason('InvalidInputException', reason, message);
}

export function throwConstraintViolation(reason: ErrorReason<'ConstraintViolationException'>, message: string): never {
  return throwExceptionWithReason('ConstraintViolationException', reason, message);
}
