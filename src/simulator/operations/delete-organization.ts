import { getCallerOrganization } from '../call.ts';
import { throwConstraintViolation, throwException } from '../service-error.ts';
import { deleteOrganization as end } from '../world/organizations.ts';
import { isActive } from '../world/transfers.ts';
import type { Operation } from './operation.ts';

export const deleteOrganization: Operation<'DeleteOrganization'> = (_input, call) => {
  const { account, world, now } = call;
  const organization = getCallerOrganization(call);
  const creating = organization.createAccountRequests.values().some(({ state }) => state === 'IN_PROGRESS');
  if (organization.members.size > 1 || creating) {
    throwException(
      'OrganizationNotEmptyException',
      creating
        ? `Organization ${organization.id} has accounts that are being created.`
        : `Organization ${organization.id} still has ${organization.members.size - 1} member accounts. Remove them first.`,
    );
  }
  const transfers = [
    ...organization.inboundTransfers.values(),
    ...[...world.transfersFrom(account, 0)].map(([, one]) => one),
  ];
  const active = transfers.find(isActive);
  if (active) {
    throwConstraintViolation(
      'ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS',
      `Responsibility transfer ${active.id} is ${active.status}. Cancel, decline or withdraw it first.`,
    );
  }
  end(world, account, organization, now);
};
