import type { Locator } from 'playwright-core';
import { FORMS, type FormOf, type FormSubject } from '../../src/console/actions/forms.ts';
import { createClock } from '../../src/simulator/index.ts';
import type { ConsolePage } from './console-page.ts';
import { type Demo, startAs, startDemo } from './gateway.ts';
import { inviteToTransfer } from './transfers.ts';

/** A form of the console: how it is opened, filled in and sent. */
export interface FormCase {
  /** Opens it. */
  readonly path: string;
  /** Whose gateway it is on. Default: that of the demo. */
  readonly as?: 'others';
  /** Opens it without what `open` does. Default: `path`. */
  readonly url?: string;
  /** What else opens it: rows to select, and a button. */
  readonly open?: (view: ConsolePage) => Promise<void>;
  /** What it is in the page. Default: `.action-form`. */
  readonly element?: string;
  /** Makes it ready to be sent. */
  readonly fill?: (form: Locator) => Promise<void>;
  /** The mutation that it sends, by its field in the schema. */
  readonly mutation?: string;
}

export type FormCases = { readonly [Subject in FormSubject]: Readonly<Record<FormOf<Subject>, FormCase>> };

/** An organization with an object for each form of the console. */
export interface FormWorld extends AsyncDisposable {
  readonly demo: Demo;
  /** A member account, and an organization with consolidated billing only. */
  readonly others: Demo;
  /** All accounts that forms are opened as, by the names of their principals. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly cases: FormCases;
  /** The second mutations of forms. */
  readonly more: readonly FormCase[];
}

const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sqs:*","Resource":"*"}]}';

/** An account of the demo that can be moved, removed and closed. */
const ACCOUNT = 'EU Payments Vault';

const confirm = (name: string) => (form: Locator) => form.getByLabel(/^To confirm, type/).fill(name);

const select = (row: string, button: RegExp) => async (view: ConsolePage) => {
  await view.row(row).getByRole('checkbox').check();
  await view.page.getByRole('toolbar').getByRole('button', { name: button }).click();
};

const WATCH = { minIntervalMs: 2_000, maxIntervalMs: 10_000 };

export async function startFormWorld(): Promise<FormWorld> {
  const demo = await startDemo({
    simulator: { clock: createClock({ start: new Date('2026-11-20T10:00:00Z') }) },
    // Forms need no changes at once, and polls cost time.
    config: { inventory: [{ principal: 'partner' }], watch: WATCH },
  });
  const transfer = await inviteToTransfer(demo, { name: 'Wingtip Toys', id: 'wingtip@example.com' });
  const received = await inviteToTransfer(demo, { name: 'Litware' });
  const objects = await createObjects(demo, transfer.transferId);
  const otherAccounts = { member: objects.member, sedge: '888888888888' };
  const others = await startAs(demo, otherAccounts, { watch: WATCH });
  const organization = (open: string | undefined, action: string, more = '') =>
    `/organization?open=${open}&action=${action}${more}`;
  const policies = (action: string, policy?: string, more = '') =>
    `/policies?type=SERVICE_CONTROL_POLICY&action=${action}${policy ? `&policy=${policy}` : ''}${more}`;
  const ofTransfer = (action: string, id = transfer.transferId, more = '') =>
    `/transfers?open=${id}&action=${action}${more}`;
  const ofReceived = (action: string) =>
    `/transfers?as=customer&side=outbound&open=${received.transferId}&action=${action}`;

  const cases: FormCases = {
    transfers: {
      invite: {
        path: '/transfers?action=invite',
        mutation: 'inviteOrganizationToTransferResponsibility',
        fill: async (form) => {
          await form.getByLabel('Account id or e-mail address').fill('555555555555');
          await form.getByLabel('Customer name').fill('Fabrikam');
          await form.getByRole('radio', { name: /1 Jan 2027/ }).check();
        },
      },
      'invite-csv': { path: '/transfers?action=invite-csv', element: '.bulk-paste' },
      'cancel-selected': {
        path: '/transfers?q=Wingtip',
        url: '/transfers?action=cancel-selected',
        open: select('Wingtip Toys', /^Cancel 1/),
      },
      'tag-selected': {
        path: '/transfers?q=Wingtip',
        url: '/transfers?action=tag-selected',
        open: select('Wingtip Toys', /^Tag 1/),
      },
    },
    transfer: {
      rename: {
        path: ofTransfer('rename'),
        mutation: 'updateResponsibilityTransfer',
        fill: (form) => form.getByLabel('Customer name').fill('Wingtip Games'),
      },
      tags: {
        path: ofTransfer(
          'tags',
          transfer.transferId,
          '&with-tags=2&with-key=team&with-value=north&with-key=b&with-value=1',
        ),
        mutation: 'tagResource',
      },
      cancel: { path: ofTransfer('cancel'), mutation: 'cancelHandshake' },
      accept: { path: ofReceived('accept'), mutation: 'acceptHandshake' },
      decline: { path: ofReceived('decline'), mutation: 'declineHandshake' },
      end: {
        path: ofTransfer('end', objects.active),
        mutation: 'terminateResponsibilityTransfer',
        fill: async (form) => {
          await form.getByRole('radio').first().check();
          await confirm('Heather Hotels')(form);
        },
      },
    },
    invitations: {
      invite: {
        path: '/invitations?action=invite',
        mutation: 'inviteAccountToOrganization',
        fill: (form) => form.getByLabel('Account id or e-mail address').fill('666666666666'),
      },
      'enable-features': {
        path: '/invitations?as=sedge&action=enable-features',
        as: 'others',
        mutation: 'enableAllFeatures',
      },
      'cancel-selected': {
        path: '/invitations?side=sent&q=333333333333',
        url: '/invitations?side=sent&action=cancel-selected',
        open: select('Account 3333 3333 3333', /^Cancel 1/),
      },
    },
    invitation: {
      accept: { path: `/invitations?as=standalone&open=${objects.received}&action=accept` },
      decline: { path: `/invitations?as=standalone&open=${objects.received}&action=decline` },
      cancel: { path: `/invitations?side=sent&open=${objects.sent}&action=cancel` },
    },
    organization: {
      create: {
        path: '/organization?action=create',
        mutation: 'createAccount',
        fill: async (form) => {
          await form.getByLabel('Name', { exact: true }).fill('Payments');
          await form.getByLabel('E-mail of the owner').fill('payments@example.com');
        },
      },
      move: {
        path: organization(objects.account, 'move', `&with-to=${objects.unit}`),
        mutation: 'moveAccount',
        fill: (form) => form.getByText('Apply from then on').waitFor(),
      },
      'new-unit': {
        path: organization(objects.unit, 'new-unit'),
        mutation: 'createOrganizationalUnit',
        fill: (form) => form.getByLabel('Name', { exact: true }).fill('Within'),
      },
      rename: {
        path: organization(objects.unit, 'rename', '&with-name=Renamed'),
        mutation: 'updateOrganizationalUnit',
      },
      delete: {
        path: organization(objects.unit, 'delete'),
        mutation: 'deleteOrganizationalUnit',
        fill: confirm('Empty unit'),
      },
      tags: { path: organization(objects.account, 'tags') },
      close: {
        path: organization(objects.account, 'close'),
        mutation: 'closeAccount',
        fill: confirm(ACCOUNT),
      },
      remove: {
        path: organization(objects.account, 'remove'),
        mutation: 'removeAccountFromOrganization',
        fill: confirm(ACCOUNT),
      },
      leave: {
        path: organization(objects.member, 'leave', '&as=member'),
        as: 'others',
        mutation: 'leaveOrganization',
        fill: confirm('Security Tooling'),
      },
    },
    policies: {
      new: {
        path: policies('new'),
        mutation: 'createPolicy',
        fill: async (form) => {
          await form.getByLabel('Name', { exact: true }).fill('No topics');
          await form.getByLabel('Document', { exact: true }).fill(DOCUMENT);
        },
      },
      edit: {
        path: policies('edit', objects.policy, '&with-name=Other'),
        mutation: 'updatePolicy',
      },
      attach: { path: policies('attach', objects.policy, `&with-target=${objects.unit}`), mutation: 'attachPolicy' },
      detach: {
        path: policies('detach', objects.attached, `&with-target=${objects.unit}`),
        mutation: 'detachPolicy',
      },
      delete: {
        path: policies('delete', objects.policy),
        mutation: 'deletePolicy',
        fill: confirm('No queues'),
      },
      enable: { path: '/policies?type=S3_POLICY&action=enable', mutation: 'enablePolicyType' },
      disable: {
        path: policies('disable'),
        mutation: 'disablePolicyType',
        fill: confirm('Service control'),
      },
    },
  };
  return {
    demo,
    others,
    accounts: { partner: '111111111111', customer: '444444444444', standalone: '222222222222', ...otherAccounts },
    cases,
    more: [
      {
        // Removes all tags.
        path: ofTransfer('tags', transfer.transferId, '&with-tags=0'),
        mutation: 'untagResource',
      },
    ],
    [Symbol.asyncDispose]: async () => {
      await others.close();
      await demo.close();
    },
  };
}

/** All forms of the registry, by subject and name. */
export const formNames: readonly string[] = Object.entries(FORMS).flatMap(([subject, names]) =>
  names.map((name) => `${subject} ${name}`),
);

/** The case of a form by its name in `formNames`. */
export function caseOf({ cases }: FormWorld, formName: string): FormCase {
  const [subject = '', name = ''] = formName.split(' ');
  const found = (cases as Readonly<Record<string, Readonly<Record<string, FormCase>>>>)[subject]?.[name];
  if (found === undefined) throw new Error(`The form ${formName} has no case in test/support/console-forms.ts`);
  return found;
}

/** Opens a form, and fills it in. */
export async function openForm(view: ConsolePage, each: FormCase): Promise<Locator> {
  await view.page.goto(new URL(each.path, view.page.url()).href);
  await each.open?.(view);
  const form = view.page.locator(each.element ?? '.action-form');
  await form.waitFor();
  await each.fill?.(form);
  return form;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function idOf(objects: readonly Named[], wanted: string): string {
  const found = objects.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`The demo has no “${wanted}”`);
  return found.id;
}

/** Finds objects of the demo's organization, and creates what it lacks. */
async function createObjects(demo: Demo, transferId: string) {
  const { data } = await demo.query(`{ root { id } organization {
    accounts(first: 100) { nodes { id name } }
    inboundResponsibilityTransfers(first: 100) { nodes { id name } }
  } }`);
  const { accounts, inboundResponsibilityTransfers: transfers } = data.organization;
  /** The payload of a mutation: its arguments in parentheses, then the selection of its payload. */
  const change = async (field: string, type: string, input: object, selection = '__typename') => {
    const document = `mutation ($input: ${type}Input!) { result: ${field}(input: $input) {
      ... on ${type}Payload { ${selection} } ... on Error { code message } } }`;
    const { result } = (await demo.query(document, { input })).data;
    if ('code' in result) throw new Error(`${field}: ${result.code}: ${result.message}`);
    return result;
  };
  const target = { id: '333333333333', type: 'ACCOUNT' };
  const { handshake } = await change(
    'inviteAccountToOrganization',
    'InviteAccountToOrganization',
    { target },
    'handshake { id }',
  );
  const received = { id: '222222222222', type: 'ACCOUNT' };
  const { handshake: toAnswer } = await change(
    'inviteAccountToOrganization',
    'InviteAccountToOrganization',
    { target: received },
    'handshake { id }',
  );
  const { organizationalUnit } = await change(
    'createOrganizationalUnit',
    'CreateOrganizationalUnit',
    { parentId: data.root.id, name: 'Empty unit' },
    'organizationalUnit { id }',
  );
  const createPolicy = async (name: string): Promise<string> => {
    const fields = { name, description: '', type: 'SERVICE_CONTROL_POLICY', content: DOCUMENT };
    return (await change('createPolicy', 'CreatePolicy', fields, 'policy { id }')).policy.id;
  };
  const attached = await createPolicy('No queues here');
  await change('attachPolicy', 'AttachPolicy', { policyId: attached, targetId: organizationalUnit.id });
  await change('tagResource', 'TagResource', { resourceId: transferId, tags: [{ key: 'team', value: 'north' }] });
  return {
    active: idOf(transfers.nodes, 'Heather Hotels'),
    account: idOf(accounts.nodes, ACCOUNT),
    member: idOf(accounts.nodes, 'Security Tooling'),
    unit: organizationalUnit.id as string,
    policy: await createPolicy('No queues'),
    attached,
    sent: handshake.id as string,
    received: toAnswer.id as string,
  };
}
