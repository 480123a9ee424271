import { throwException } from '../service-error.ts';
import type { Organization } from '../world/organization.ts';

/** Names are unique among siblings. */
export function checkUnitName(organization: Organization, parentId: string, name: string, except?: string): void {
  const taken = organization
    .childrenOf(parentId)
    .units.values()
    .some((unit) => unit.name === name && unit.id !== except);
  if (taken) {
    throwException(
      'DuplicateOrganizationalUnitException',
      `${parentId} already has an organizational unit named "${name}".`,
    );
  }
}
