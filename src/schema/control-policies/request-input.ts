import { type AccessRequestDetails, parseRequest, type principalKinds } from '../../control-policies/access-request.ts';
import { ControlPolicyInputError } from '../../control-policies/input-error.ts';
import { builder } from '../builder.ts';
import { badInput, expectId } from '../ids.ts';
import { quoted } from '../quoted.ts';
import { expectValues } from '../search/filter-rules.ts';

export const ConditionKeyInput = builder.inputType('ConditionKeyInput', {
  description:
    'A condition key of a request. A key that is not listed, and that does not follow from the request, is unknown.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key, such as `aws:RequestedRegion`. Case is ignored.' }),
    values: t.stringList({ description: 'Its value or values. Null: the request does not have the key.' }),
  }),
});

const ControlPolicyPrincipalKind = builder.enumType('ControlPolicyPrincipalKind', {
  description: 'The kinds of callers that control policies distinguish.',
  values: {
    ROLE: { description: 'An IAM role.' },
    USER: { description: 'An IAM user.' },
    ROOT: { description: "An account's root user." },
    SERVICE_LINKED_ROLE: { description: 'A service-linked role, which control policies do not restrict.' },
    SERVICE: { description: 'An AWS service.' },
    ANONYMOUS: { description: 'A caller without credentials.' },
  } satisfies Record<(typeof principalKinds)[number], object>,
});

export const ControlPolicyPrincipalInput = builder.inputType('ControlPolicyPrincipalInput', {
  description: 'The caller of a request.',
  fields: (t) => ({
    kind: t.field({
      type: ControlPolicyPrincipalKind,
      required: true,
      defaultValue: 'ROLE',
      description: 'What it is.',
    }),
    accountId: t.id({
      description: 'Its account, inside or outside of the organization. Default: the account of the decision.',
    }),
  }),
});

/** The arguments of a request, which `Account.controlPolicyDecision` has itself. */
export const requestDescriptions = {
  action: '`service:Name`, such as `s3:PutObject`, without wildcards.',
  resource: 'The ARN of the resource. Without one, only statements on all resources (`*`) match.',
  context:
    'Condition keys of the request. Keys that follow from its accounts are added: `aws:PrincipalAccount`, `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`, `aws:PrincipalIsAWSService`, `aws:ResourceAccount`, `aws:ResourceOrgID`, `aws:ResourceOrgPaths` and, for a root user, `aws:PrincipalArn`.',
  principal: 'The caller. Default: a role of the account.',
} as const;

export const ControlPolicyRequestInput = builder.inputType('ControlPolicyRequestInput', {
  description: 'A request to AWS that control policies may deny.',
  fields: (t) => ({
    action: t.string({ required: true, description: requestDescriptions.action }),
    resource: t.string({ description: requestDescriptions.resource }),
    context: t.field({ type: [ConditionKeyInput], description: requestDescriptions.context }),
    principal: t.field({ type: ControlPolicyPrincipalInput, description: requestDescriptions.principal }),
  }),
});

export type GivenRequest = typeof ControlPolicyRequestInput.$inferInput;

/** Maximum number of requests of one field. */
export const MAX_REQUESTS = 50;

/** `prefix:name`; a prefix may be a service, `aws`, or an identity provider with a path. */
const CONDITION_KEY = /^[^\s:]+:./;
/** Six parts, of which region and account may be empty. */
const ARN = /^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:./;

/** @throws GraphQLError BAD_USER_INPUT for the first invalid request. */
export function expectRequests(argument: string, given: readonly GivenRequest[]): readonly AccessRequestDetails[] {
  expectValues(argument, given, MAX_REQUESTS);
  return given.map((request, index) => expectRequest(`${argument}[${index}].`, request));
}

/**
 * @param prefix The path of the request, with its last dot.
 * @throws GraphQLError BAD_USER_INPUT that names the first invalid value.
 */
export function expectRequest(
  prefix: string,
  { action, resource, context, principal }: GivenRequest,
): AccessRequestDetails {
  const accountId = principal?.accountId ?? undefined;
  if (accountId !== undefined) expectId(`${prefix}principal.accountId`, 'Account', accountId);
  if (resource != null && resource !== '*' && !ARN.test(resource))
    throw badInput(
      `${prefix}resource`,
      `${quoted(resource)} is not an ARN. Expected is arn:partition:service:region:account:resource, such as "arn:aws:s3:::bucket/key", or "*".`,
    );
  const request: AccessRequestDetails = {
    action,
    ...(resource != null && { resource }),
    context: contextOf(`${prefix}context`, context ?? []),
    ...(principal != null && {
      principal: { kind: principal.kind, ...(accountId !== undefined && { account: accountId }) },
    }),
  };
  try {
    parseRequest(request);
  } catch (error) {
    if (!(error instanceof ControlPolicyInputError)) throw error;
    const path = error.path.replace(/^request\./, '');
    const index = (context ?? []).findIndex(({ key }) => path === `context[${JSON.stringify(key)}]`);
    const argument = index < 0 ? path : `context[${index}].values`;
    throw badInput(`${prefix}${argument}`, error.message.slice(error.path.length + ': '.length));
  }
  return request;
}

type Context = NonNullable<AccessRequestDetails['context']>;

function contextOf(argument: string, given: NonNullable<GivenRequest['context']>): Context {
  const seen = new Set<string>();
  // A key may be `__proto__`.
  const context: Record<string, Context[string]> = Object.create(null);
  for (const [index, { key, values }] of given.entries()) {
    const place = `${argument}[${index}].key`;
    if (!CONDITION_KEY.test(key))
      throw badInput(place, `${quoted(key)} is not a condition key. Expected is prefix:name, such as "aws:SourceIp".`);
    if (seen.has(key.toLowerCase()))
      throw badInput(place, `${quoted(key)} is listed twice, as keys ignore case. Give all its values in one entry.`);
    seen.add(key.toLowerCase());
    context[key] = values ?? null;
  }
  return context;
}
