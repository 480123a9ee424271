import { z } from 'zod';
import { type ParsedRequest, parseRequest, principalKinds } from '../../control-policies/access-request.ts';
import { type ControlPolicyDecision, ControlPolicyInputError } from '../../control-policies/index.ts';
import { createRequestContext } from '../../control-policies/request-context.ts';
import {
  accountKeys,
  type ConditionKeys,
  principalKeys,
  resourceKeys,
  timeKeys,
} from '../authorization/condition-keys.ts';
import { decideRequest, findOrganization } from '../authorization/decide.ts';
import { describeDenial } from '../authorization/denial.ts';
import { defaultPrincipal, type Principal, principalOf } from '../authorization/principal.ts';
import type { World } from '../world/world.ts';
import { accountId } from '../worlds/world-file-schema.ts';

const requestSchema = z
  .strictObject({
    /** The account that owns the resource or receives the call. */
    account: accountId,
    action: z.string(),
    resource: z.string().exactOptional(),
    principal: z
      .strictObject({ kind: z.enum(principalKinds).exactOptional(), account: accountId.exactOptional() })
      .exactOptional(),
    /** Access key of the caller, instead of `principal`. */
    accessKeyId: z.string().exactOptional(),
    context: z
      .record(
        z.string(),
        z.union([z.string(), z.array(z.string()), z.null()], 'expected text, a list of texts or null'),
      )
      .default({}),
    isAwsManagedKey: z.boolean().exactOptional(),
  })
  .refine(({ principal, accessKeyId }) => principal === undefined || accessKeyId === undefined, {
    path: ['accessKeyId'],
    message: 'expected principal or accessKeyId, found both',
  });

type AuthorizeRequest = z.output<typeof requestSchema>;

/** The caller of a request, with the condition keys that follow from it. */
interface Caller {
  readonly kind: Principal['kind'];
  readonly accountId: string;
  readonly keys: ConditionKeys;
  /** Whether `keys` has all tags of the principal. */
  readonly hasAllTags: boolean;
  /** ARN for messages. */
  readonly arn?: string;
}

/**
 * Decides a request for any action of any service. The condition keys are those that follow from the accounts, then
 * those of the request; all others are unknown.
 *
 * @throws {z.ZodError | Error} if the request is not valid
 */
export function decideForClient(world: World, body: unknown): object {
  const { account, action, resource, context: given, isAwsManagedKey, ...rest } = requestSchema.parse(body);
  const caller = findCaller(world, { account, ...rest });
  const parsed = parse({
    principal: { kind: caller.kind, account: caller.accountId },
    action,
    context: given,
    ...(resource !== undefined && { resource }),
    ...(isAwsManagedKey !== undefined && { isAwsManagedKey }),
  });
  const keys = mergeKeys({ ...caller.keys, ...resourceKeys(world, account), ...timeKeys(world.now()) }, given);
  const isAbsent = (key: string) => caller.hasAllTags && key.startsWith('aws:principaltag/');
  const request: ParsedRequest = { ...parsed, context: createRequestContext(Object.entries(keys), isAbsent) };
  const decision = decideRequest(world, account, request);
  const { decision: decided, because, ...others } = decision;
  const arn = keys['aws:PrincipalArn'];
  const denied = {
    principal: given['aws:PrincipalArn'] === undefined ? (caller.arn ?? caller.accountId) : String(arn),
    principalAccount: caller.accountId,
    account,
    action,
    resource,
    partition: 'aws',
  } as const;
  return {
    decision: decided,
    reason: decided === 'DENIED' ? describeDenial(world, denied, decision) : describeOther(decision),
    ...(because && {
      because: { ...because, policyName: findPolicyName(world, [caller.accountId, account], because.policy) },
    }),
    ...others,
  };
}

function parse(request: Parameters<typeof parseRequest>[0]): ParsedRequest {
  try {
    return parseRequest(request);
  } catch (error) {
    if (!(error instanceof ControlPolicyInputError)) throw error;
    throw new Error(error.message.replace(/^request\./, ''));
  }
}

function findCaller(
  world: World,
  { account, principal, accessKeyId }: Pick<AuthorizeRequest, 'account' | 'principal' | 'accessKeyId'>,
): Caller {
  if (principal === undefined) {
    const found = accessKeyId === undefined ? defaultPrincipal(account) : principalOfKey(world, accessKeyId);
    const { kind, accountId, sessionArn } = found;
    return { kind, accountId, keys: principalKeys(world, found), hasAllTags: true, arn: sessionArn };
  }
  const { kind = 'ROLE', account: accountId = account } = principal;
  const base = { kind, accountId, hasAllTags: false };
  if (kind === 'SERVICE' || kind === 'ANONYMOUS') {
    const keys = {
      'aws:PrincipalAccount': null,
      'aws:PrincipalOrgID': null,
      'aws:PrincipalOrgPaths': null,
      'aws:PrincipalArn': null,
      'aws:PrincipalIsAWSService': String(kind === 'SERVICE'),
    };
    return { ...base, keys, arn: kind === 'SERVICE' ? 'an AWS service' : 'anonymous' };
  }
  const keys = {
    ...accountKeys('Principal', accountId, findOrganization(world, accountId)),
    'aws:PrincipalIsAWSService': 'false',
  };
  if (kind !== 'ROOT') return { ...base, keys };
  const arn = `arn:aws:iam::${accountId}:root`;
  return { ...base, keys: { ...keys, 'aws:PrincipalArn': arn }, arn };
}

function principalOfKey(world: World, accessKeyId: string): Principal {
  const session = world.sessions.get(accessKeyId);
  if (session) {
    if (session.expiresAt <= world.now()) throw new Error(`accessKeyId: the session of ${accessKeyId} is expired.`);
    return principalOf({ account: { id: session.accountId }, session }, 'aws');
  }
  if (/^\d{12}$/.test(accessKeyId)) return defaultPrincipal(accessKeyId);
  throw new Error(
    `accessKeyId: expected an account id of 12 digits or a key that the simulator's STS issued, found ${JSON.stringify(accessKeyId.slice(0, 80))}.`,
  );
}

/** Keys ignore case: a key of the request replaces a derived one in any spelling. */
function mergeKeys(derived: ConditionKeys, given: ConditionKeys): ConditionKeys {
  const names = new Set(Object.keys(given).map((key) => key.toLowerCase()));
  const kept = Object.entries(derived).filter(([key]) => !names.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...given };
}

function findPolicyName(world: World, accountIds: readonly string[], policyId: string | null): string | null {
  const policies = accountIds.map((id) => findOrganization(world, id)?.policies.get(policyId ?? ''));
  return policies.find((policy) => policy !== undefined)?.name ?? null;
}

function describeOther({
  decision,
  bindings,
  missingContextKeys = [],
  unresolved = [],
}: ControlPolicyDecision): string {
  const { serviceControlPolicies: scps, resourceControlPolicies: rcps } = bindings;
  if (decision === 'DEPENDS') {
    return [
      ...(missingContextKeys.length > 0
        ? [`The decision depends on ${missingContextKeys.join(', ')}: add values to context.`]
        : []),
      ...unresolved.map(
        ({ policy, path, message }) => `The simulator cannot evaluate ${path} of ${policy}: ${message}.`,
      ),
    ].join(' ');
  }
  if (scps !== 'BOUND' && rcps !== 'BOUND') {
    return `No control policy restricts the request (service control policies: ${scps}, resource control policies: ${rcps}).`;
  }
  return 'The control policies that restrict the request do not deny it.';
}
