import type { Handshake } from '../../../src/simulator/world/entities.ts';
import { isPending } from '../../../src/simulator/world/handshakes.ts';
import type { Organization } from '../../../src/simulator/world/organization.ts';
import { depthOf, findTarget } from '../../../src/simulator/world/tree.ts';
import type { World } from '../../../src/simulator/world/world.ts';

/** Returns the invariants that a world violates. */
export function findBrokenInvariants(world: World): string[] {
  world.now();
  const broken: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) broken.push(text);
  };
  for (const account of world.accounts.values()) {
    const homes = [...world.organizations.values()].filter(({ members }) => members.has(account.id));
    check(homes.length <= 1, `${account.id} is in ${homes.length} organizations`);
    check(homes[0]?.id === account.membership?.organizationId, `${account.id} does not know its organization`);
    const parents = homes.flatMap((home) =>
      [home.root, ...home.units.values()].filter(({ id }) => home.childrenOf(id).accounts.has(account.id)),
    );
    check(parents.length === homes.length, `${account.id} is under ${parents.length} parents`);
    check(parents[0]?.id === account.membership?.parentId, `${account.id} does not know its parent`);
    check(Boolean(account.membership) || account.tags.size === 0, `${account.id} has tags without a membership`);
  }
  for (const organization of world.organizations.values()) checkOrganization(world, organization, check);
  for (const handshake of world.handshakes.values()) checkHandshake(world, handshake, check);
  for (const transfer of world.transfers.values()) {
    const handshake = world.handshakes.get(transfer.handshakeId);
    const status = transfer.status === 'WITHDRAWN' ? 'ACCEPTED' : transfer.status;
    check(!handshake || handshake.state === status, `${transfer.id} is ${transfer.status}, ${handshake?.state}`);
    check(
      Boolean(handshake) || !['REQUESTED', 'DECLINED', 'CANCELED', 'EXPIRED'].includes(transfer.status),
      `${transfer.id} has no handshake`,
    );
    check(
      world.organizations.get(transfer.target.organizationId)?.inboundTransfers.has(transfer.id) ?? true,
      `${transfer.id} is not inbound`,
    );
    const source = world.accounts.get(transfer.source.managementAccountId ?? '');
    const seen = source && [...world.transfersFrom(source, 0)].some(([, other]) => other === transfer);
    check(!source || seen === true, `${transfer.id} is not outbound`);
  }
  return broken;
}

type Check = (holds: boolean, text: string) => void;

function checkOrganization(world: World, organization: Organization, check: Check): void {
  const { root, units, members, policies, delegations } = organization;
  check(members.has(organization.managementAccountId), `${organization.id} lost its management account`);
  for (const unit of units.values()) {
    check(organization.isParent(unit.parentId), `${unit.id} has no parent`);
    check(organization.childrenOf(unit.parentId).units.has(unit.id), `${unit.parentId} does not know ${unit.id}`);
    check(depthOf(organization, unit.id) <= 5, `${unit.id} is too deep`);
  }
  for (const { accountId } of delegations.values())
    check(members.has(accountId), `${accountId} is a delegated administrator but not a member`);
  let attachments = 0;
  for (const { id } of [root, ...units.values(), ...members.values()]) {
    const attached = organization.attachmentsTo(id).values();
    attachments += attached.length;
    check(new Set(attached.map(({ policy }) => policy.id)).size === attached.length, `a policy is twice on ${id}`);
    for (const { policy } of attached) {
      check(policies.get(policy.id) === policy, `${policy.id} is attached and deleted`);
      check(organization.attachmentsOf(policy.id).has(id), `${policy.id} does not know ${id}`);
      check(root.policyTypes.has(policy.type), `${policy.id} is attached while its type is disabled`);
    }
    const controls = attached.filter(({ policy }) => policy.type === 'SERVICE_CONTROL_POLICY').length;
    check(!root.policyTypes.has('SERVICE_CONTROL_POLICY') || controls > 0, `${id} has no SCP`);
  }
  for (const policy of policies.values()) {
    const targets = organization.attachmentsOf(policy.id).values();
    attachments -= targets.length;
    for (const { targetId } of targets) {
      check(findTarget(organization, targetId) !== undefined, `${policy.id} is on ${targetId}, which is gone`);
    }
  }
  check(attachments === 0, `${organization.id}: attachments differ between policies and targets`);
  const open = organization.sentHandshakes.values().filter((one) => isPending(one) && one.recipient);
  const keys = open.map((one) => `${one.action}/${world.recipientOf(one)?.id ?? one.recipient?.id}`);
  check(new Set(keys).size === keys.length, `${organization.id} has two open handshakes to one account`);
}

function checkHandshake(world: World, handshake: Handshake, check: Check): void {
  const { sender, id } = handshake;
  const organization = world.organizations.get(sender.organizationId);
  check(!organization || organization.sentHandshakes.get(id) === handshake, `${id} is not in its sender's list`);
  const recipient = world.recipientOf(handshake);
  const received = recipient && [...world.handshakesReceivedBy(recipient, 0)].some(([, other]) => other === handshake);
  check(!recipient || received === true, `${id} is not in its recipient's list`);
  check(
    isPending(handshake) === (handshake.completedAt === undefined),
    `${id} is ${handshake.state} with completedAt ${handshake.completedAt}`,
  );
  check(!isPending(handshake) || handshake.expiresAt > world.clock.now(), `${id} is pending after its expiry`);
}
