import { type ParsedRequest, parseRequest } from '../../control-policies/access-request.ts';
import { createRequestContext } from '../../control-policies/request-context.ts';
import { type Call, isManagementAccount, type Partition } from '../call.ts';
import { ServiceError } from '../service-error.ts';
import { isObject } from '../validation/check-types.ts';
import type { World } from '../world/world.ts';
import {
  type ConditionKeys,
  originKeys,
  principalKeys,
  type RequestOrigin,
  requestTagKeys,
  resourceKeys,
  timeKeys,
} from './condition-keys.ts';
import { decideRequest } from './decide.ts';
import { describeDenial } from './denial.ts';
import type { Principal } from './principal.ts';
import { type RequestedResource, requestedPolicyType, requestedResources, textMember } from './requested-resources.ts';

/** The sender of a request. */
export interface Sender {
  readonly principal: Principal;
  readonly origin: RequestOrigin;
  readonly partition: Partition;
  readonly world: World;
  readonly now: number;
}

/**
 * Checks that SCPs allow a call of AWS Organizations. An operation on several resources needs all of them to be allowed.
 *
 * @throws {ServiceError} AccessDeniedException
 */
export function authorizeCall(call: Call, input: unknown, sender: Sender): void {
  const organization = call.world.organizationOf(call.account);
  // Spares the work for calls that SCPs never restrict.
  if (!organization || !areEnforced(sender) || isManagementAccount(call.account, organization)) return;
  const resources = requestedResources(call, organization, input);
  const keys: ConditionKeys = {
    ...requestTagKeys(tagsOf(input), tagKeysOf(input)),
    'organizations:PolicyType': requestedPolicyType(organization, input) ?? null,
    'organizations:ServicePrincipal': textMember(input, 'ServicePrincipal') ?? null,
  };
  const action = `organizations:${call.operation}`;
  if (resources.length === 0) authorize(sender, { action, ownerId: call.account.id, keys });
  for (const resource of resources) authorize(sender, { action, ...resource, keys });
}

export interface AuthorizedAction extends Partial<RequestedResource> {
  readonly action: string;
  readonly ownerId: string;
  /** Condition keys of the action. */
  readonly keys: ConditionKeys;
}

/**
 * Checks that SCPs and RCPs allow an action. A decision that depends on a policy which cannot be evaluated is a denial.
 *
 * @throws {ServiceError} AccessDeniedException
 */
export function authorize(sender: Sender, { action, arn, ownerId, tags, keys }: AuthorizedAction): void {
  if (!areEnforced(sender)) return;
  const { world, principal, origin, now, partition } = sender;
  const { kind, accountId } = principal;
  const parsed = parseRequest({
    principal: { kind, account: accountId },
    action,
    ...(arn !== undefined && { resource: arn }),
  });
  const context = {
    ...principalKeys(world, principal),
    ...resourceKeys(world, ownerId, tags),
    ...originKeys(origin),
    ...timeKeys(now),
    ...keys,
  };
  const request: ParsedRequest = { ...parsed, context: createRequestContext(Object.entries(context), () => true) };
  const decision = decideRequest(world, ownerId, request);
  if (decision.decision === 'ALLOWED') return;
  const denied = {
    principal: principal.sessionArn,
    principalAccount: accountId,
    account: ownerId,
    action,
    resource: arn,
    partition,
  };
  throw new ServiceError('AccessDeniedException', describeDenial(world, denied, decision));
}

const areEnforced = ({ world }: Sender): boolean => world.settings.enforceControlPolicies;

function* tagsOf(input: unknown): Generator<readonly [key: string, value: string]> {
  const tags = isObject(input) ? input['Tags'] : undefined;
  for (const tag of Array.isArray(tags) ? tags : []) {
    yield [textMember(tag, 'Key') ?? '', textMember(tag, 'Value') ?? ''];
  }
}

function tagKeysOf(input: unknown): readonly string[] {
  const keys = isObject(input) ? input['TagKeys'] : undefined;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}
