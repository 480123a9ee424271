import type { aws } from '../upstream/index.ts';
import { type Entity, entityRef } from './entity.ts';
import { typeOfId } from './ids.ts';

type Resources = readonly aws.HandshakeResource[] | null | undefined;
type Parties = readonly aws.HandshakeParty[] | null | undefined;

/** Finds the first resource of a type, at any depth. */
function findResource(resources: Resources, type: aws.HandshakeResourceType): aws.HandshakeResource | undefined {
  for (const candidate of resources ?? []) {
    const found = candidate.Type === type ? candidate : findResource(candidate.Resources, type);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function resourceValue(resources: Resources, type: aws.HandshakeResourceType): string | undefined {
  return findResource(resources, type)?.Value;
}

/** AWS lists the parties in no fixed order; the sender is the organization. */
export function senderOf(parties: Parties): aws.HandshakeParty | null {
  return parties?.find(({ Type }) => Type === 'ORGANIZATION') ?? null;
}

export function recipientOf(parties: Parties): aws.HandshakeParty | null {
  // A party of an unknown type is the recipient only if there is no account.
  const isAccount = ({ Type }: aws.HandshakeParty) => Type === 'ACCOUNT' || Type === 'EMAIL';
  return parties?.find(isAccount) ?? parties?.find(({ Type }) => Type !== 'ORGANIZATION') ?? null;
}

/** The id of the parent handshake. AWS's examples omit its `h-`. */
export function parentHandshakeId(resources: Resources): string | undefined {
  const value = resourceValue(resources, 'PARENT_HANDSHAKE');
  return value === undefined || value.startsWith('h-') ? value : `h-${value}`;
}

/** A reference to the transfer in a handshake's resources. */
export function transferOf(resources: Resources): Entity<'ResponsibilityTransfer'> | null {
  const transfer = findResource(resources, 'RESPONSIBILITY_TRANSFER');
  if (transfer?.Value === undefined) return null;
  return entityRef('ResponsibilityTransfer', transfer.Value, { Id: transfer.Value });
}

/**
 * arn:aws:organizations::<management account>:handshake/<organization>/<action>/<handshake> (API model, shape
 * HandshakeArn).
 */
const handshakeArn = /^arn:([^:]+):organizations::(\d{12}):handshake\/(o-[a-z0-9]+)\//;

/** A reference to the sender's organization, with the members that the handshake's ARN and resources contain. */
export function organizationOf(arn: string | null, resources: Resources): Entity<'Organization'> | null {
  const [, partition, account, idOfArn] = handshakeArn.exec(arn ?? '') ?? [];
  const organization = findResource(resources, 'ORGANIZATION');
  const id = [organization?.Value, idOfArn].find((value) => value !== undefined && typeOfId(value) === 'Organization');
  if (id === undefined) return null;
  const details = organization?.Resources;
  const managementAccount = resourceValue(details, 'MANAGEMENT_ACCOUNT') ?? account;
  const featureSet = resourceValue(details, 'ORGANIZATION_FEATURE_SET');
  return entityRef('Organization', id, {
    Id: id,
    MasterAccountEmail: resourceValue(details, 'MASTER_EMAIL') ?? resourceValue(details, 'MANAGEMENT_EMAIL'),
    MasterAccountId: managementAccount,
    ...(managementAccount === undefined || partition === undefined
      ? {}
      : {
          Arn: `arn:${partition}:organizations::${managementAccount}:organization/${id}`,
          MasterAccountArn: `arn:${partition}:organizations::${managementAccount}:account/${id}/${managementAccount}`,
        }),
    // The value may be newer than this release.
    FeatureSet: featureSet as aws.OrganizationFeatureSet | undefined,
  });
}
