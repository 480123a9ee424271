import { getCallerOrganization } from '../call.ts';
import { throwException } from '../service-error.ts';
import { deleteUnit } from '../world/organizations.ts';
import { findUnit } from './find.ts';
import type { Operation } from './operation.ts';

export const deleteOrganizationalUnit: Operation<'DeleteOrganizationalUnit'> = (input, call) => {
  const organization = getCallerOrganization(call);
  const unit = findUnit(organization, input.OrganizationalUnitId);
  const { units, accounts } = organization.childrenOf(unit.id);
  if (units.size + accounts.size > 0) {
    throwException(
      'OrganizationalUnitNotEmptyException',
      `${unit.id} still holds ${accounts.size} accounts and ${units.size} organizational units. Move or remove them first.`,
    );
  }
  deleteUnit(organization, unit);
};
