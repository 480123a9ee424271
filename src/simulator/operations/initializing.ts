import type { Call } from '../call.ts';
import { refuse } from '../service-error.ts';
import type { Organization } from '../world/organization.ts';

export function checkInitialized({ world, now }: Call, organization: Organization): void {
  if (now >= organization.createdAt + world.settings.initializingMs) return;
  refuse('FinalizingOrganizationException', `Organization ${organization.id} is still initializing. Try again later.`);
}
