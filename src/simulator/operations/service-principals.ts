import { services } from '../model/services.ts';
import { throwInvalidInput } from '../service-error.ts';
import type { World } from '../world/world.ts';

/**
 * Matches `<service>.<suffix>`, with optional labels in front, such as a Region.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services, and
 * the DNS suffixes of the SDKs' partitions.
 */
const wellFormed =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|amazon\.com|aws\.internal|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** @throws {ServiceError} InvalidInputException UNRECOGNIZED_SERVICE_PRINCIPAL */
export function checkServicePrincipal({ settings }: World, servicePrincipal: string): void {
  const { servicePrincipals } = settings;
  const accepted =
    servicePrincipals === 'any'
      ? wellFormed.test(servicePrincipal)
      : servicePrincipals === 'documented'
        ? services.has(servicePrincipal)
        : servicePrincipals.includes(servicePrincipal);
  if (!accepted) unrecognized(`${servicePrincipal} is not a service principal such as config.amazonaws.com.`);
  if (services.get(servicePrincipal)?.trustedAccess === false) {
    unrecognized(`${servicePrincipal} does not support trusted access.`);
  }
}

/** @returns the maximum number of delegated administrators of the service */
export function checkDelegatedAdministrators(world: World, servicePrincipal: string): number {
  checkServicePrincipal(world, servicePrincipal);
  const limit = services.get(servicePrincipal)?.delegatedAdministrators ?? Number.POSITIVE_INFINITY;
  if (limit === 0) unrecognized(`${servicePrincipal} does not support delegated administrators.`);
  return limit;
}

function unrecognized(detail: string): never {
  return throwInvalidInput('UNRECOGNIZED_SERVICE_PRINCIPAL', detail);
}
