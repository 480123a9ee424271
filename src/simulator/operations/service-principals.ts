import { services } from '../model/services.ts';
import { invalidInput } from '../service-error.ts';

export function checkServicePrincipal(servicePrincipal: string): void {
  if (services.has(servicePrincipal)) return;
  invalidInput(
    'UNRECOGNIZED_SERVICE_PRINCIPAL',
    `${servicePrincipal} is not the principal of a service that works with AWS Organizations, such as config.amazonaws.com.`,
  );
}
