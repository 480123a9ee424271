import type { World } from '../../../src/simulator/world/world.ts';
import type { WriteName } from '../../../src/upstream/index.ts';

export const payer = '111111111111';
/** An account without an organization at first. */
export const guest = '444444444444';

export interface RandomWrite {
  readonly accountId: string;
  readonly operation: WriteName;
  readonly input: object;
}

const types = ['SERVICE_CONTROL_POLICY', 'TAG_POLICY', 'RESOURCE_CONTROL_POLICY'] as const;
const services = ['config.amazonaws.com', 'guardduty.amazonaws.com', 'sso.amazonaws.com'] as const;

const pick = <T>(items: Iterable<T>, at: number): T | undefined => {
  const all = [...items];
  return all[at % all.length];
};

const documentOf = (type: string, at: number): string => {
  const Statement = [{ Effect: 'Deny', Action: `ec2:Run${at}`, Resource: '*' }];
  if (type === 'SERVICE_CONTROL_POLICY') return JSON.stringify({ Version: '2012-10-17', Statement });
  if (type === 'RESOURCE_CONTROL_POLICY') {
    const s3 = { Effect: 'Deny', Principal: '*', Action: `s3:Put${at}`, Resource: '*' };
    return JSON.stringify({ Version: '2012-10-17', Statement: [s3] });
  }
  return JSON.stringify({ tags: { [`team${at}`]: { tag_key: { '@@assign': `team${at}` } } } });
};

/** What the ids of a write are chosen from. */
const organizationIn = (world: World) => {
  const account = world.accounts.get(payer);
  const organization = account && world.organizationOf(account);
  if (organization === undefined) return undefined;
  const { root } = organization;
  const members = [...organization.members.values()].map(({ id, membership }) => ({ id, ...membership }));
  const units = [...organization.units.values()].map(({ id }) => id);
  const own = [...organization.policies.values()].filter(({ awsManaged }) => !awsManaged);
  const targets = [root.id, ...units, ...members.map(({ id }) => id)];
  const resources = [...targets, ...own.map(({ id }) => id)];
  return { organization, root, members, units, own, targets, resources };
};

/** Returns a write that AWS may accept in the present state. `a` and `b` choose its objects. */
type Choose = (world: World, a: number, b: number) => Omit<RandomWrite, 'operation'> | undefined;

const inOrganization =
  (
    choose: (
      organization: NonNullable<ReturnType<typeof organizationIn>>,
      a: number,
      b: number,
    ) => object & { readonly accountId?: string },
  ): Choose =>
  (world, a, b) => {
    const organization = organizationIn(world);
    if (organization === undefined) return undefined;
    const { accountId = payer, ...input } = choose(organization, a, b);
    return { accountId, input };
  };

export const randomWrites: { readonly [O in WriteName]?: Choose } = {
  CreateOrganization: () => ({ accountId: payer, input: { FeatureSet: 'ALL' } }),
  DeleteOrganization: inOrganization(() => ({})),
  CreateAccount: inOrganization((_, a, b) => ({ AccountName: `a${a}`, Email: `a${a}-${b}@example.com` })),
  CloseAccount: inOrganization(({ members }, a) => ({ AccountId: pick(members, a)?.id })),
  MoveAccount: inOrganization(({ members, root, units }, a, b) => {
    const member = pick(members, a);
    const DestinationParentId = pick([root.id, ...units], b);
    return { AccountId: member?.id, SourceParentId: member?.parentId, DestinationParentId };
  }),
  RemoveAccountFromOrganization: inOrganization(({ members }, a) => ({ AccountId: pick(members, a)?.id })),
  LeaveOrganization: inOrganization(({ members }, a) => ({ accountId: pick(members, a)?.id ?? payer })),
  InviteAccountToOrganization: inOrganization(() => ({ Target: { Type: 'ACCOUNT', Id: guest } })),
  AcceptHandshake(world) {
    const HandshakeId = [...world.handshakes.values()].find(
      ({ recipient, state }) => recipient?.id === guest && (state === 'OPEN' || state === 'REQUESTED'),
    )?.id;
    return HandshakeId === undefined ? undefined : { accountId: guest, input: { HandshakeId } };
  },
  CreateOrganizationalUnit: inOrganization(({ root, units }, a, b) => ({
    ParentId: pick([root.id, ...units], a),
    Name: `u${b}`,
    ...(b % 2 === 0 && { Tags: [{ Key: 'k', Value: String(b) }] }),
  })),
  UpdateOrganizationalUnit: inOrganization(({ units }, a, b) => ({
    OrganizationalUnitId: pick(units, a),
    Name: `n${b}`,
  })),
  DeleteOrganizationalUnit: inOrganization(({ units }, a) => ({ OrganizationalUnitId: pick(units, a) })),
  CreatePolicy: inOrganization((_, a, b) => {
    const Type = pick(types, a) ?? '';
    return { Name: `p${a}-${b}`, Type, Description: '', Content: documentOf(Type, b) };
  }),
  UpdatePolicy: inOrganization(({ own }, a, b) => {
    const policy = pick(own, a);
    return { PolicyId: policy?.id, Content: documentOf(policy?.type ?? '', b), Name: `q${a}-${b}` };
  }),
  DeletePolicy: inOrganization(({ own }, a) => ({ PolicyId: pick(own, a)?.id })),
  AttachPolicy: inOrganization(({ own, targets }, a, b) => ({
    PolicyId: pick(own, a)?.id,
    TargetId: pick(targets, b),
  })),
  DetachPolicy: inOrganization(({ organization, own }, a, b) => {
    const attachments = own.flatMap(({ id }) => [...organization.attachmentsOf(id).values()]);
    const attachment = pick(attachments, a + b);
    return { PolicyId: attachment?.policy.id, TargetId: attachment?.targetId };
  }),
  EnablePolicyType: inOrganization(({ root }, a) => ({ RootId: root.id, PolicyType: pick(types, a) })),
  DisablePolicyType: inOrganization(({ root }, a) => ({ RootId: root.id, PolicyType: pick(types, a) })),
  PutResourcePolicy: inOrganization(({ members }, a) => ({
    Content: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: pick(members, a)?.id },
          Action: ['organizations:DescribePolicy'],
          Resource: '*',
        },
      ],
    }),
  })),
  DeleteResourcePolicy: inOrganization(() => ({})),
  TagResource: inOrganization(({ resources }, a, b) => ({
    ResourceId: pick(resources, a),
    Tags: [{ Key: `t${b % 3}`, Value: String(b) }],
  })),
  UntagResource: inOrganization(({ resources }, a, b) => ({
    ResourceId: pick(resources, a),
    TagKeys: [`t${b % 3}`],
  })),
  RegisterDelegatedAdministrator: inOrganization(({ members }, a, b) => ({
    AccountId: pick(members, a)?.id,
    ServicePrincipal: pick(services, b),
  })),
  DeregisterDelegatedAdministrator: inOrganization(({ organization }, a, b) => {
    const delegation = pick(organization.delegations.values(), a);
    const service = pick(delegation?.services.values() ?? [], b);
    return { AccountId: delegation?.accountId, ServicePrincipal: service?.servicePrincipal };
  }),
  EnableAWSServiceAccess: inOrganization((_, a) => ({ ServicePrincipal: pick(services, a) })),
  DisableAWSServiceAccess: inOrganization((_, a) => ({ ServicePrincipal: pick(services, a) })),
};
