/** The lists of the gateway, as the other pages call them. */
const LIST_NAMES: Readonly<Record<string, string>> = {
  organization: 'Organization',
  roots: 'Roots',
  accounts: 'Accounts',
  organizationalUnits: 'Units',
  policies: 'Policies',
  policyAttachments: 'Policy attachments',
  policyContents: 'Policy documents',
  tags: 'Tags',
  delegatedAdministrators: 'Delegated administrators',
  enabledServices: 'Enabled services',
  resourcePolicy: 'Resource policy',
  organizationHandshakes: 'Sent invitations',
  accountHandshakes: 'Received invitations',
  inboundResponsibilityTransfers: 'Inbound transfers',
  outboundResponsibilityTransfers: 'Outbound transfers',
  createAccountStatuses: 'Account creations',
};

const ONE_OBJECT = 'describe:';

/** `list`: as the gateway names it, such as `policyAttachments` or `describe:h-examplehandshakeid111`. */
export function listName(list: string): string {
  if (list.startsWith(ONE_OBJECT)) return list.slice(ONE_OBJECT.length);
  return LIST_NAMES[list] ?? list;
}
