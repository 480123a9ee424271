import type { Tags } from '../world/entities.ts';
import type { Organization } from '../world/organization.ts';
import { unitPath } from '../world/tree.ts';
import type { World } from '../world/world.ts';
import { findOrganization } from './decide.ts';
import type { Principal } from './principal.ts';

/** Values of condition keys. Null: the request does not have the key. */
export type ConditionKeys = Readonly<Record<string, string | readonly string[] | null>>;

/** What a request says about its sender and its transport. */
export interface RequestOrigin {
  /** Region of the signature. */
  readonly region: string;
  /** IP address of the client. */
  readonly sourceIp: string | undefined;
  readonly isSecure: boolean;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function principalKeys(world: World, principal: Principal): ConditionKeys {
  const { accountId, roleArn, userId, tags, sourceIdentity } = principal;
  return {
    ...accountKeys('Principal', accountId, findOrganization(world, accountId)),
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': userId,
    'aws:MultiFactorAuthPresent': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SourceIdentity': sourceIdentity ?? null,
    ...tagKeys('aws:PrincipalTag', Object.entries(tags)),
  };
}

export function resourceKeys(world: World, ownerId: string, tags?: Tags): ConditionKeys {
  return {
    ...accountKeys('Resource', ownerId, findOrganization(world, ownerId)),
    ...(tags && tagKeys('aws:ResourceTag', tags)),
  };
}

/** `aws:PrincipalAccount` and the other keys that name the account of the principal or of the resource. */
export function accountKeys(
  kind: 'Principal' | 'Resource',
  accountId: string,
  organization: Organization | undefined,
): ConditionKeys {
  const parentId = organization?.members.get(accountId)?.membership?.parentId;
  return {
    [`aws:${kind}Account`]: accountId,
    [`aws:${kind}OrgID`]: organization?.id ?? null,
    [`aws:${kind}OrgPaths`]: organization && parentId !== undefined ? [unitPath(organization, parentId)] : null,
  };
}

export function timeKeys(now: number): ConditionKeys {
  return {
    'aws:CurrentTime': `${new Date(now).toISOString().slice(0, 19)}Z`,
    'aws:EpochTime': String(Math.floor(now / 1000)),
  };
}

export function originKeys({ region, sourceIp, isSecure, userAgent, referer }: RequestOrigin): ConditionKeys {
  return {
    'aws:RequestedRegion': region,
    'aws:SourceIp': sourceIp ?? null,
    'aws:SecureTransport': String(isSecure),
    'aws:UserAgent': userAgent ?? null,
    'aws:Referer': referer ?? null,
  };
}

/** Keys of the tags that a request sets, or whose keys it names. */
export function requestTagKeys(
  tags: Iterable<readonly [key: string, value: string]>,
  names: readonly string[],
): ConditionKeys {
  const entries = [...tags];
  return {
    ...tagKeys('aws:RequestTag', entries),
    'aws:TagKeys': [...entries.map(([key]) => key), ...names],
  };
}

function tagKeys(prefix: string, tags: Iterable<readonly [key: string, value: string]>): ConditionKeys {
  return Object.fromEntries([...tags].map(([key, value]) => [`${prefix}/${key}`, value]));
}
