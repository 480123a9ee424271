import { authorizeCall, type Sender } from '../authorization/authorize.ts';
import { principalOf } from '../authorization/principal.ts';
import type { Call } from '../call.ts';
import { checkCaller, checkEndpoint } from '../check-caller.ts';
import type { SimulatorControl } from '../control/control.ts';
import { type OperationModel, type OperationName, operations } from '../model/operations.ts';
import { handlers } from '../operations/index.ts';
import type { Pager } from '../paging/pager.ts';
import { ServiceError, throwException } from '../service-error.ts';
import { checkConstraints } from '../validation/check-constraints.ts';
import { checkTypes, isObject } from '../validation/check-types.ts';
import type { World } from '../world/world.ts';
import { type HttpRequest, partitionOf } from './authorization.ts';
import { identifyCaller } from './identity.ts';
import { originOf } from './origin.ts';
import type { SignatureCheck } from './signature.ts';

const TARGET_PREFIX = 'AWSOrganizationsV20161128.';

export interface Endpoint {
  readonly world: World;
  readonly control: SimulatorControl;
  readonly pager: Pager;
  readonly checkSignature: SignatureCheck;
}

/** An authenticated call that is ready to run. */
export interface PreparedCall {
  readonly operation: OperationName;
  readonly accountId: string;
  /** @throws {ServiceError} the operation's exception */
  run(): unknown;
}

/**
 * Checks in AWS's order: JSON, target and signature here; types, constraints, control policies, the caller and the
 * operation's rules in `run`.
 */
export function prepareCall(endpoint: Endpoint, request: HttpRequest): PreparedCall {
  if (request.method !== 'POST') {
    throw new ServiceError(
      'UnknownOperationException',
      `The method is ${request.method}, but AWS Organizations accepts POST only.`,
    );
  }
  const input = parseBody(request.body);
  const operation = parseTarget(request.headers['x-amz-target']);
  const { world } = endpoint;
  const authorization = endpoint.checkSignature(request, 'organizations');
  const identity = identifyCaller(world, authorization.accessKeyId, world.now());
  const { account } = identity;
  const partition = partitionOf(authorization.region);
  const sender = {
    principal: principalOf(identity, partition),
    origin: originOf(request, authorization.region),
    partition,
    world,
  };
  const run = () => {
    const now = world.now();
    const call: Call = { operation, world, now, account, partition, pager: endpoint.pager };
    if (!endpoint.control.tryTakeToken(operation, account.id, account.membership?.organizationId)) {
      throwException(
        'TooManyRequestsException',
        `Too many ${operation} requests: AWS's documented rate is exceeded. Slow down and retry.`,
      );
    }
    return runOperation(call, input, { ...sender, now });
  };
  return { operation, accountId: account.id, run };
}

function runOperation(call: Call, input: Readonly<Record<string, unknown>>, sender: Sender): unknown {
  const { input: shape }: OperationModel = operations[call.operation];
  if (shape !== undefined) {
    checkTypes(input, shape, '');
    checkConstraints(input, shape);
  }
  checkEndpoint(call);
  authorizeCall(call, input, sender);
  checkCaller(call, input);
  // The input matches the shape from which the handler's type is generated.
  const handler = handlers[call.operation] as (input: unknown, call: Call) => unknown;
  return handler(withoutNulls(input), call);
}

function parseBody(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new ServiceError('SerializationException', 'The body is not JSON. Send a JSON object.');
  }
  if (isObject(value)) return value;
  throw new ServiceError('SerializationException', 'The body is not a JSON object. Send a JSON object.');
}

function parseTarget(target: string | string[] | undefined): OperationName {
  const name = typeof target === 'string' && target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  if (isOperation(name)) return name;
  throw new ServiceError(
    'UnknownOperationException',
    `X-Amz-Target must be ${TARGET_PREFIX}<operation>, but it is ${target ?? 'missing'}.`,
  );
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

/** AWS treats null members as absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, withoutNulls(member)]])),
  );
}
