import { GraphQLError } from 'graphql';
import { declaredErrors, type ExceptionName, UpstreamError, type WriteName } from '../upstream/index.ts';
import { WatchError } from '../watcher/index.ts';
import { type AwsEnum, awsEnum, awsEnumFields } from './aws-enum.ts';
import { builder } from './builder.ts';
import {
  accessDeniedForDependencyReasons,
  constraintViolationReasons,
  handshakeConstraintViolationReasons,
  invalidInputReasons,
} from './exception-reasons.ts';
import { shortened } from './quoted.ts';

/** Of AWS's words, which may quote their request, in characters. */
const MAX_MESSAGE = 1_000;

/** An exception that AWS declares for an operation: data of the mutation's result, not an error of the response. */
class AwsException extends Error {
  readonly code: string;
  readonly reason: string | undefined;
  readonly requestId: string | undefined;

  constructor(error: UpstreamError) {
    super(shortened(error.message, MAX_MESSAGE), { cause: error });
    this.code = error.code;
    this.reason = error.reason;
    this.requestId = error.requestId;
  }
}

const ErrorRef = builder.interfaceRef<AwsException>('Error').implement({
  description:
    'Why AWS refused an operation. Every exception type implements it, so that one fragment covers them all.',
  fields: (t) => ({
    message: t.exposeString('message', { nullable: false, description: "AWS's error message." }),
    code: t.exposeString('code', {
      nullable: false,
      description: "The exception's name, which is also the name of its type.",
    }),
    requestId: t.exposeString('requestId', {
      description:
        "AWS's id of the refused request, for AWS Support; null when the request was refused before it was sent.",
    }),
  }),
});

const reasonEnums = {
  AccessDeniedForDependencyException: awsEnum('AccessDeniedForDependencyExceptionReason', {
    description: 'Which dependency was denied.',
    values: accessDeniedForDependencyReasons,
  }),
  ConstraintViolationException: awsEnum('ConstraintViolationExceptionReason', {
    description: 'Which limit or condition does not allow the operation.',
    values: constraintViolationReasons,
  }),
  HandshakeConstraintViolationException: awsEnum('HandshakeConstraintViolationExceptionReason', {
    description: 'Which limit or condition does not allow the handshake.',
    values: handshakeConstraintViolationReasons,
  }),
  InvalidInputException: awsEnum('InvalidInputExceptionReason', {
    description: 'Why the input is invalid.',
    values: invalidInputReasons,
  }),
} as const;

const hasReason = (name: string): name is keyof typeof reasonEnums => Object.hasOwn(reasonEnums, name);

type ExceptionClass = new (error: UpstreamError) => AwsException;
const classes = new Map<string, ExceptionClass>();

/** The class of an exception, which is its GraphQL type too; made when first asked for. */
function exceptionClass(name: ExceptionName): ExceptionClass {
  const known = classes.get(name);
  if (known !== undefined) return known;
  const made: ExceptionClass = class extends AwsException {};
  Object.defineProperty(made, 'name', { value: name });
  classes.set(name, made);
  builder.objectType(made, {
    name,
    description: `${describeException(name)} Declared by AWS.`,
    interfaces: [ErrorRef],
    isTypeOf: (value) => value instanceof made,
  });
  if (hasReason(name)) {
    const type: AwsEnum<string> = reasonEnums[name];
    const description = 'The exact reason; null when AWS gave none.';
    builder.objectFields(made, (t) =>
      awsEnumFields(t, 'reason', type, { description }, (exception) => exception.reason),
    );
  }
  return made;
}

/** `AccountAlreadyClosedException` is "Account already closed." */
function describeException(name: string): string {
  const words = name
    .replace(/Exception$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace('AWSOrganizations', 'AWS Organizations')
    .split(' ')
    .map((word, index) =>
      index === 0 || /^AWS|^API/.test(word) || word === 'Organizations' ? word : word.toLowerCase(),
    );
  return `${words.join(' ')}.`;
}

/** The exception types that a mutation's result union holds. */
export function declaredExceptions(operation: WriteName): ExceptionClass[] {
  return declaredErrors[operation].map(exceptionClass);
}

/** Converts a failure of AWS to the exception that the operation declares; otherwise returns the failure itself. */
export function asDeclared(operation: WriteName, error: unknown): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const name = declaredErrors[operation].find((declared) => declared === error.code);
  return name === undefined ? error : new (exceptionClass(name))(error);
}

/**
 * Converts a failure of AWS or of the watcher to a GraphQL error, with `extensions { code reason operation requestId
 * retryable }`. Returns undefined for internal errors, which must be masked.
 */
export function toGraphQLError(error: unknown): GraphQLError | undefined {
  if (error instanceof AwsException) return toGraphQLError(error.cause);
  if (error instanceof UpstreamError) {
    return new GraphQLError(error.message, {
      extensions: {
        code: error.code,
        reason: error.reason ?? null,
        operation: error.operation,
        requestId: error.requestId ?? null,
        retryable: error.retryable,
      },
    });
  }
  if (error instanceof WatchError) {
    return new GraphQLError(error.message, {
      extensions: {
        code: error.code,
        reason: null,
        operation: null,
        requestId: null,
        retryable: error.retryable,
        ...error.extensions,
      },
    });
  }
  return undefined;
}
