import type { Call } from '../call.ts';
import { throwException } from '../service-error.ts';
import type { Organization } from '../world/organization.ts';

/**
 * Rejects writes while a new organization initializes. The API model has the exception for accounts and invitations;
 * Terraform's provider, which is tested against AWS, also retries policies, attachments, OUs and the resource policy.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/organizations
 */
export function checkInitialized({ world, now }: Call, organization: Organization): void {
  if (now >= organization.createdAt + world.settings.initializingMs) return;
  throwException('FinalizingOrganizationException', `Organization ${organization.id} is still initializing.`);
}
