import { expect, test } from 'vitest';
import { errorNames } from '../../src/simulator/model/errors.ts';
import { attempt } from './raw-call.ts';
import { simulate } from './support.ts';

const PAYER = '111111111111';

// Public clients look for these texts in messages:
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/organizations/service_package.go
// https://github.com/grucloud/grucloud (shouldRetryOnExceptionMessages of Organizations)
// https://github.com/awslabs/landing-zone-accelerator-on-aws (availability of Macie in a partition)
test.each([
  ['ConcurrentModificationException', undefined, 'Try again later'],
  ['ConcurrentModificationException', undefined, 'it conflicts with another attempt to modify the same entity'],
  ['FinalizingOrganizationException', undefined, 'Try again later'],
  ['PolicyChangesInProgressException', undefined, 'Try again later'],
  ['ServiceException', undefined, 'Try again later'],
  ['TooManyRequestsException', undefined, 'Try again later'],
  ['AWSOrganizationsNotInUseException', undefined, 'Your account is not a member of an organization.'],
  ['TooManyRequestsException', undefined, 'another request is already in progress. Try again later.'],
  ['FinalizingOrganizationException', undefined, 'while it is initializing. Try again later.'],
  ['DuplicatePolicyAttachmentException', undefined, 'A policy with the specified name and type already exists.'],
  ['ResourcePolicyNotFoundException', undefined, 'No resource-based policy found.'],
  ['ConstraintViolationException', 'WAIT_PERIOD_ACTIVE', 'This operation requires a wait period.  Try again later.'],
  [
    'ConstraintViolationException',
    'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
    'You have exceeded close account quota for the past',
  ],
  ['ConstraintViolationException', 'SERVICE_ACCESS_NOT_ENABLED', 'Call the AWS API EnableAWSServiceAccess first.'],
  [
    'ConstraintViolationException',
    'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    'You cannot remove the last policy attached to the specified target.',
  ],
  [
    'ConstraintViolationException',
    'MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED',
    'The member account is missing one or more of the prerequisites required to operate as a standalone account.',
  ],
  [
    'HandshakeConstraintViolationException',
    'ORGANIZATION_ALREADY_HAS_ALL_FEATURES',
    'All features are already enabled on this organization.',
  ],
  ['InvalidInputException', 'UNRECOGNIZED_SERVICE_PRINCIPAL', 'You specified an unrecognized service principal.'],
  [
    'ConstraintViolationException',
    'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
    'You have exceeded the allowed number of AWS accounts.',
  ],
] as const)('an injected %s (%s) has a message that clients act on', async (error, reason, text) => {
  const { simulator } = await simulate({ seed: 'demo' });
  simulator.control.failNext('ListRoots', { kind: 'error', error, ...(reason !== undefined && { reason }) });
  expect((await attempt(simulator.url, PAYER, 'ListRoots', {})).message).toContain(text);
});

test.each(errorNames)("an injected %s has AWS's sentence, or the given message", async (error) => {
  const { simulator } = await simulate({ seed: 'demo' });
  simulator.control.failNext('ListRoots', error);
  const { message = '' } = await attempt(simulator.url, PAYER, 'ListRoots', {});
  expect(message).toMatch(/^[A-Z].{20,}\.$/);
  simulator.control.failNext('ListRoots', { kind: 'error', error, message: 'As written.' });
  expect((await attempt(simulator.url, PAYER, 'ListRoots', {})).message).toBe('As written.');
});

test("an exception's message begins with AWS's sentence, then names the invalid value", async () => {
  const { simulator } = await simulate({ seed: 'demo' });
  const ServicePrincipal = 'nope.example.com';
  const { message } = await attempt(simulator.url, PAYER, 'EnableAWSServiceAccess', { ServicePrincipal });
  expect(message).toMatch(/^You specified an unrecognized service principal\. nope\.example\.com /);
});

test('the message of EnablePolicyType does not mention delegated administrators', async () => {
  const { simulator } = await simulate({ seed: 'empty', account: PAYER });
  await attempt(simulator.url, PAYER, 'CreateOrganization', {});
  const [organization] = simulator.world.organizations.values();
  const input = { RootId: organization?.root.id, PolicyType: 'SECURITYHUB_POLICY' };
  const { message, reason } = await attempt(simulator.url, PAYER, 'EnablePolicyType', input);
  expect(reason).toBe('SERVICE_ACCESS_NOT_ENABLED');
  expect(message).toBe('SECURITYHUB_POLICY needs EnableAWSServiceAccess for securityhub.amazonaws.com first.');
});

test('the message of DeleteOrganization mentions accounts in creation, not members to remove', async () => {
  const { simulator } = await simulate({ seed: 'empty', account: PAYER });
  await attempt(simulator.url, PAYER, 'CreateOrganization', {});
  await attempt(simulator.url, PAYER, 'CreateAccount', { Email: 'one@example.com', AccountName: 'One' });
  const { error, message } = await attempt(simulator.url, PAYER, 'DeleteOrganization', {});
  expect(error).toBe('OrganizationNotEmptyException');
  expect(message).toMatch(/ has accounts that are being created\.$/);
});
