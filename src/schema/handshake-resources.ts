import type { aws } from '../upstream/index.ts';
import { type Entity, partial } from './entity.ts';
import { typeOfId } from './ids.ts';

type Resources = readonly aws.HandshakeResource[] | null | undefined;
type Parties = readonly aws.HandshakeParty[] | null | undefined;

/** The first resource of a type, at any depth. */
function resource(resources: Resources, type: aws.HandshakeResourceType): aws.HandshakeResource | undefined {
  for (const candidate of resources ?? []) {
    const found = candidate.Type === type ? candidate : resource(candidate.Resources, type);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function resourceValue(resources: Resources, type: aws.HandshakeResourceType): string | undefined {
  return resource(resources, type)?.Value;
}

/** AWS lists the parties in no fixed order; the sender is the organization. */
export function senderOf(parties: Parties): aws.HandshakeParty | null {
  return parties?.find(({ Type }) => Type === 'ORGANIZATION') ?? null;
}

export function recipientOf(parties: Parties): aws.HandshakeParty | null {
  // A party of a type that is newer than this release is taken only if there is no account.
  const isAccount = ({ Type }: aws.HandshakeParty) => Type === 'ACCOUNT' || Type === 'EMAIL';
  return parties?.find(isAccount) ?? parties?.find(({ Type }) => Type !== 'ORGANIZATION') ?? null;
}

/** The id of the parent handshake. AWS's examples give it without its `h-`. */
export function parentHandshakeId(resources: Resources): string | undefined {
  const value = resourceValue(resources, 'PARENT_HANDSHAKE');
  return value === undefined || value.startsWith('h-') ? value : `h-${value}`;
}

/** The transfer, with what the handshake tells of it. */
export function transferOf(resources: Resources): Entity<'ResponsibilityTransfer'> | null {
  const transfer = resource(resources, 'RESPONSIBILITY_TRANSFER');
  if (transfer?.Value === undefined) return null;
  return partial('ResponsibilityTransfer', transfer.Value, { Id: transfer.Value });
}

/** arn:aws:organizations::<management account>:handshake/<organization>/<action>/<handshake> (API model, shape HandshakeArn). */
const handshakeArn = /^arn:([^:]+):organizations::(\d{12}):handshake\/(o-[a-z0-9]+)\//;

/** The sender's organization: what the handshake's ARN and resources tell of it. */
export function organizationOf(arn: string | null, resources: Resources): Entity<'Organization'> | null {
  const [, partition, account, idOfArn] = handshakeArn.exec(arn ?? '') ?? [];
  const organization = resource(resources, 'ORGANIZATION');
  const id = [organization?.Value, idOfArn].find((value) => value !== undefined && typeOfId(value) === 'Organization');
  if (id === undefined) return null;
  const inside = organization?.Resources;
  const managementAccount = resourceValue(inside, 'MANAGEMENT_ACCOUNT') ?? account;
  const featureSet = resourceValue(inside, 'ORGANIZATION_FEATURE_SET');
  return partial('Organization', id, {
    Id: id,
    MasterAccountEmail: resourceValue(inside, 'MASTER_EMAIL') ?? resourceValue(inside, 'MANAGEMENT_EMAIL'),
    MasterAccountId: managementAccount,
    ...(managementAccount === undefined || partition === undefined
      ? {}
      : {
          Arn: `arn:${partition}:organizations::${managementAccount}:organization/${id}`,
          MasterAccountArn: `arn:${partition}:organizations::${managementAccount}:account/${id}/${managementAccount}`,
        }),
    // Whatever it is: it may be newer than this release.
    FeatureSet: featureSet as aws.OrganizationFeatureSet | undefined,
  });
}
