import { z } from 'zod';
import { text } from './values.ts';

/** The most values of one list in a filter, as in the graph. */
const MAX_VALUES = 1_000;
/** In characters, as in the graph. */
const MAX_TEXT = 128;

const searchText = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .refine((value) => value.trim() !== '')
  .meta({ expected: `a text of 1 to ${MAX_TEXT} characters that is not blank` });
const id = (expected: string, pattern: RegExp) => z.string().regex(pattern).meta({ expected });
const values = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(MAX_VALUES);
const month = id('a month as YYYY-MM, such as 2026-12', /^\d{4}-(0[1-9]|1[0-2])$/);
const dateTime = z.iso.datetime({ offset: true }).meta({ expected: 'a time such as 2026-12-01T00:00:00Z' });
const parentId = id('the id of a root (r-…) or of an organizational unit (ou-…)', /^(r|ou)-[0-9a-z-]+$/);
const policyId = id('the id of a policy (p-…)', /^p-[0-9A-Za-z_]+$/);

/** A condition that may be left out. */
const condition = <T extends z.ZodType>(value: T, description: string) => value.optional().meta({ description });

const tag = z
  .strictObject({
    key: z.string().min(1).max(128).meta({ description: 'The key of the tag.' }),
    values: condition(values(z.string().max(256)), 'The value is one of these.'),
    exists: condition(z.boolean(), 'Whether the tag is there. Default: true.'),
  })
  .refine(({ values: given, exists }) => given === undefined || exists !== false)
  .meta({ expected: 'a key with `values`, or with `exists`' });

const handshake = z.strictObject({
  actionType: condition(text, 'Only this action, such as INVITE.'),
  parentHandshakeId: condition(
    id('the id of a handshake (h-…)', /^h-[0-9a-z]+$/),
    'Only the handshakes that belong to this one.',
  ),
  states: condition(values(text), 'Only these states, such as ACCEPTED.'),
  text: condition(searchText, 'Its id, or a name, e-mail address or id of its parties and resources, contains this.'),
  expiresBefore: condition(dateTime, 'Only handshakes that expire before this.'),
});

const responsibilityTransfer = z.strictObject({
  statuses: condition(values(text), 'Only these statuses, such as ACCEPTED.'),
  text: condition(searchText, 'Its name or id, or an e-mail address or id of its accounts, contains this.'),
  startsInMonth: condition(month, 'Only transfers that start in this month.'),
  endsInMonth: condition(month, 'Only transfers that end in this month.'),
  billedInMonth: condition(month, 'Only transfers that bill in this month.'),
});

const account = z.strictObject({
  ids: condition(values(id('an account id of 12 digits', /^\d{12}$/)), 'Only these accounts.'),
  text: condition(searchText, 'Name, e-mail address or id contains this.'),
  nameContains: condition(searchText, 'The name contains this.'),
  emailContains: condition(searchText, 'The e-mail address contains this.'),
  states: condition(values(text), 'Only these states, such as ACTIVE.'),
  joinedMethod: condition(text, 'INVITED or CREATED.'),
  joinedSince: condition(dateTime, 'Only accounts that joined then or later.'),
  joinedUntil: condition(dateTime, 'Only accounts that joined then or earlier.'),
  under: condition(parentId, 'Only accounts in this root or unit, or in its subtree.'),
  tags: condition(z.array(tag).min(1).max(50), 'Conditions on tags; needs `inventory`.'),
  policy: condition(
    z.strictObject({
      id: policyId.meta({ description: 'The policy.' }),
      applies: z.boolean().default(true).meta({ description: 'Whether it reaches the account.' }),
    }),
    'A condition on one policy; needs `inventory`.',
  ),
});

const organizationalUnit = z.strictObject({
  nameContains: condition(searchText, 'The name contains this.'),
  under: condition(parentId, 'Only units below this root or unit.'),
});

const policyAttachment = z.strictObject({
  policyId: condition(policyId, 'Only attachments of this policy.'),
  targetId: condition(text, 'Only attachments to this root, unit or account.'),
});

/** The inputs of the graph's filters, by event. All given conditions must hold. */
export const notificationFilters = z
  .strictObject({
    handshake: condition(handshake, 'Which handshakes, as `HandshakeFilter` of the graph.'),
    responsibilityTransfer: condition(
      responsibilityTransfer,
      'Which transfers, as `ResponsibilityTransferFilter` of the graph.',
    ),
    account: condition(account, 'Which accounts, as `AccountFilter` of the graph.'),
    organizationalUnit: condition(organizationalUnit, 'Which organizational units.'),
    policy: condition(
      z.strictObject({ type: condition(text, 'Only this type, such as SERVICE_CONTROL_POLICY.') }),
      'Which policies.',
    ),
    policyAttachment: condition(policyAttachment, 'Which attachments.'),
    createAccountStatus: condition(
      z.strictObject({ states: condition(values(text), 'Only these states, such as SUCCEEDED.') }),
      'Which account creations.',
    ),
  })
  .default({})
  .meta({
    examples: ['{ responsibilityTransfer: { statuses: [ACCEPTED, WITHDRAWN] } }'],
    description: 'Conditions by event, with the inputs of the filters in the graph (docs/notifications.md).',
  });
