import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listsOfHint, organizationEvents } from '../../src/watcher/organization-events.ts';

const lists = (eventName: string) => listsOfHint({ eventName, accountIds: [], objectIds: [] });
const handshakes = ['organizationHandshakes', 'accountHandshakes'];
const transfers = ['inboundResponsibilityTransfers', 'outboundResponsibilityTransfers'];

// Every operation that changes something:
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html Service events:
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
test.each([
  ['AccountJoinedOrganization', 'accounts', handshakes],
  ['AccountDepartedOrganization', 'accounts', handshakes],
  ['CloseAccount', 'accounts', []],
  ['CloseAccountResult', 'accounts', []],
  ['CreateAccountResult', 'accounts', ['createAccountStatuses']],
  ['MoveAccount', 'accounts', []],
  ['PutAccountName', 'accounts', []],
  ['AcceptPrimaryEmailUpdate', 'accounts', []],
  ['LeaveOrganization', 'accounts', handshakes],
  ['RemoveAccountFromOrganization', 'accounts', handshakes],
  ['ResponsibilityTransferAccepted', 'transfers', [...transfers, ...handshakes]],
  ['ResponsibilityTransferTerminated', 'transfers', transfers],
  ['EffectivePolicyValidation', 'effective policies', []],
  ['CreateOrganizationalUnit', 'organizational units', []],
  ['UpdateOrganizationalUnit', 'organizational units', []],
  ['DeleteOrganizationalUnit', 'organizational units', []],
  ['CreatePolicy', 'policies', []],
  ['UpdatePolicy', 'policies', []],
  ['DeletePolicy', 'policies', []],
  ['AttachPolicy', 'attachments', []],
  ['DetachPolicy', 'attachments', []],
  ['EnablePolicyType', 'policy types', []],
  ['DisablePolicyType', 'policy types', []],
  ['PutResourcePolicy', 'resource policy', []],
  ['DeleteResourcePolicy', 'resource policy', []],
  ['TagResource', 'tags', []],
  ['UntagResource', 'tags', []],
  ['Tag Change on Resource', 'tags', []],
  ['RegisterDelegatedAdministrator', 'delegated administrators', []],
  ['DeregisterDelegatedAdministrator', 'delegated administrators', []],
  ['EnableAWSServiceAccess', 'services', []],
  ['DisableAWSServiceAccess', 'services', []],
  ['CreateOrganization', 'organization', [...handshakes, ...transfers]],
  ['DeleteOrganization', 'organization', [...handshakes, ...transfers]],
] as const)('%s concerns %s', (name, concern, expected) => {
  expect(organizationEvents.get(name)?.concerns).toContain(concern);
  expect(lists(name)).toEqual(expected);
});

test('there are 44 events, and docs/subscriptions.md names each with its subject', () => {
  const page = readFileSync(new URL('../../docs/subscriptions.md', import.meta.url), 'utf8');
  expect(organizationEvents.size).toBe(44);
  for (const [name, { concerns }] of organizationEvents) expect(page).toContain(`| ${name} | ${concerns.join(', ')} |`);
});

test.each(['DescribeOrganization', 'constructor', ''])('%s is not an event that concerns anything', (name) => {
  expect(lists(name)).toEqual([]);
});
