import { expect, test } from 'vitest';
import type { SimulatorOptions } from '../../src/simulator/index.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';

async function demo(options: SimulatorOptions = {}) {
  const { simulator } = await simulate({ seed: 'demo', ...options });
  const AccountId = simulator.world.organizations
    .get('o-exampleorgid')
    ?.members.values()
    .find(({ name }) => name === 'Checkout')?.id;
  const enable = async (ServicePrincipal: string) => {
    const { error, reason } = await attempt(simulator.url, PAYER, 'EnableAWSServiceAccess', { ServicePrincipal });
    return reason ?? error;
  };
  const register = async (ServicePrincipal: string) => {
    const input = { AccountId, ServicePrincipal };
    const { error, reason } = await attempt(simulator.url, PAYER, 'RegisterDelegatedAdministrator', input);
    return reason ?? error;
  };
  return { simulator, enable, register };
}

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html: both columns are Yes.
test.each([
  'mgn.amazonaws.com',
  'eks.amazonaws.com',
  'selfservicereporting.managedservices.amazonaws.com',
  'agent-registry.amazonaws.com',
  'resiliencehub.amazonaws.com',
  'procurement-insights.marketplace.amazonaws.com',
  'new-service.of.next-month.amazonaws.com',
  'config.amazonaws.com.cn',
])('%s has trusted access and delegated administrators', async (principal) => {
  const { enable, register } = await demo();
  expect(await enable(principal)).toBeUndefined();
  expect(await register(principal)).toBeUndefined();
});

// The same page: trusted access Yes, delegated administrator No.
test.each(['ec2.amazonaws.com', 'q.amazonaws.com', 'ram.amazonaws.com', 'servicequotas.amazonaws.com'])(
  '%s has trusted access and no delegated administrators',
  async (principal) => {
    const { enable, register } = await demo();
    expect(await enable(principal)).toBeUndefined();
    expect(await register(principal)).toBe('UNRECOGNIZED_SERVICE_PRINCIPAL');
  },
);

// The same page: both columns are No.
test('Amazon EventBridge has no trusted access', async () => {
  const { enable } = await demo();
  expect(await enable('events.amazonaws.com')).toBe('UNRECOGNIZED_SERVICE_PRINCIPAL');
});

test.each([
  'amazonaws.com',
  'config',
  'config.example.com',
  '-.amazonaws.com',
  'Config.amazonaws.com',
  'a..amazonaws.com',
])('%s is not a service principal', async (principal) => {
  const { enable } = await demo();
  expect(await enable(principal)).toBe('UNRECOGNIZED_SERVICE_PRINCIPAL');
});

test('accepts only the services of a configured list', async () => {
  const { simulator, enable } = await demo({ settings: { servicePrincipals: ['mgn.amazonaws.com'] } });
  expect(await enable('mgn.amazonaws.com')).toBeUndefined();
  expect(await enable('eks.amazonaws.com')).toBe('UNRECOGNIZED_SERVICE_PRINCIPAL');
  const patched = await fetch(`${simulator.url}/_orgql/settings`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ servicePrincipals: 'documented' }),
  });
  expect(patched.status).toBe(200);
  expect(await enable('eks.amazonaws.com')).toBeUndefined();
  expect(await enable('new-service.amazonaws.com')).toBe('UNRECOGNIZED_SERVICE_PRINCIPAL');
});
