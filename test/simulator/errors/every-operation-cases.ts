import { errorReasons } from '../../../src/simulator/model/errors.ts';
import { type OperationModel, type OperationName, operations } from '../../../src/simulator/model/operations.ts';
import { callerRules } from '../../../src/simulator/model/rules.ts';
import { shapes } from '../../../src/simulator/model/shapes.ts';
import { throttleLimits } from '../../../src/simulator/model/throttle-limits.ts';
import { invalid, rule } from './case.ts';
import { type ErrorCase, PAYER, SEDGE, STANDALONE } from './stage.ts';

/** Valid input, whose entities need not exist. */
export const wellFormed: { readonly [Name in OperationName]?: object } = {
  AcceptHandshake: { HandshakeId: 'h-00000000' },
  AttachPolicy: { PolicyId: 'p-00000000', TargetId: '000000000000' },
  CancelHandshake: { HandshakeId: 'h-00000000' },
  CloseAccount: { AccountId: '000000000000' },
  CreateAccount: { Email: 'new@example.com', AccountName: 'New' },
  CreateGovCloudAccount: { Email: 'new@example.com', AccountName: 'New' },
  CreateOrganizationalUnit: { ParentId: 'r-0000', Name: 'New' },
  CreatePolicy: { Content: '{}', Description: '', Name: 'New', Type: 'TAG_POLICY' },
  DeclineHandshake: { HandshakeId: 'h-00000000' },
  DeleteOrganizationalUnit: { OrganizationalUnitId: 'ou-0000-00000000' },
  DeletePolicy: { PolicyId: 'p-00000000' },
  DeregisterDelegatedAdministrator: { AccountId: '000000000000', ServicePrincipal: 'config.amazonaws.com' },
  DescribeAccount: { AccountId: '000000000000' },
  DescribeCreateAccountStatus: { CreateAccountRequestId: 'car-00000000' },
  DescribeEffectivePolicy: { PolicyType: 'CHATBOT_POLICY' },
  DescribeHandshake: { HandshakeId: 'h-00000000' },
  DescribeOrganizationalUnit: { OrganizationalUnitId: 'ou-0000-00000000' },
  DescribePolicy: { PolicyId: 'p-00000000' },
  DescribeResponsibilityTransfer: { Id: 'rt-00000000' },
  DetachPolicy: { PolicyId: 'p-00000000', TargetId: '000000000000' },
  DisableAWSServiceAccess: { ServicePrincipal: 'config.amazonaws.com' },
  DisablePolicyType: { RootId: 'r-0000', PolicyType: 'TAG_POLICY' },
  EnableAWSServiceAccess: { ServicePrincipal: 'config.amazonaws.com' },
  EnablePolicyType: { RootId: 'r-0000', PolicyType: 'TAG_POLICY' },
  InviteAccountToOrganization: { Target: { Type: 'ACCOUNT', Id: '000000000000' } },
  InviteOrganizationToTransferResponsibility: {
    Type: 'BILLING',
    Target: { Type: 'ACCOUNT', Id: '000000000000' },
    StartTimestamp: 0,
    SourceName: 'New',
  },
  ListAccountsForParent: { ParentId: 'r-0000' },
  ListAccountsWithInvalidEffectivePolicy: { PolicyType: 'CHATBOT_POLICY' },
  ListChildren: { ParentId: 'r-0000', ChildType: 'ACCOUNT' },
  ListDelegatedServicesForAccount: { AccountId: '000000000000' },
  ListEffectivePolicyValidationErrors: { AccountId: '000000000000', PolicyType: 'CHATBOT_POLICY' },
  ListInboundResponsibilityTransfers: { Type: 'BILLING' },
  ListOrganizationalUnitsForParent: { ParentId: 'r-0000' },
  ListOutboundResponsibilityTransfers: { Type: 'BILLING' },
  ListParents: { ChildId: '000000000000' },
  ListPolicies: { Filter: 'TAG_POLICY' },
  ListPoliciesForTarget: { TargetId: '000000000000', Filter: 'TAG_POLICY' },
  ListTagsForResource: { ResourceId: '000000000000' },
  ListTargetsForPolicy: { PolicyId: 'p-00000000' },
  MoveAccount: { AccountId: '000000000000', SourceParentId: 'r-0000', DestinationParentId: 'r-0000' },
  PutResourcePolicy: { Content: '{}' },
  RegisterDelegatedAdministrator: { AccountId: '000000000000', ServicePrincipal: 'config.amazonaws.com' },
  RemoveAccountFromOrganization: { AccountId: '000000000000' },
  TagResource: { ResourceId: '000000000000', Tags: [] },
  TerminateResponsibilityTransfer: { Id: 'rt-00000000' },
  UntagResource: { ResourceId: '000000000000', TagKeys: [] },
  UpdateOrganizationalUnit: { OrganizationalUnitId: 'ou-0000-00000000' },
  UpdatePolicy: { PolicyId: 'p-00000000' },
  UpdateResponsibilityTransfer: { Id: 'rt-00000000', Name: 'New' },
};

/** Existing entities, because lists check them before the token. */
const listable: { readonly [Name in OperationName]?: object } = {
  ListAccountsForParent: { ParentId: 'r-exmp' },
  ListAccountsWithInvalidEffectivePolicy: { PolicyType: 'BACKUP_POLICY' },
  ListChildren: { ParentId: 'r-exmp', ChildType: 'ACCOUNT' },
  ListEffectivePolicyValidationErrors: { AccountId: PAYER, PolicyType: 'TAG_POLICY' },
  ListOrganizationalUnitsForParent: { ParentId: 'r-exmp' },
  ListParents: { ChildId: PAYER },
  ListPoliciesForTarget: { TargetId: 'r-exmp', Filter: 'TAG_POLICY' },
  ListTagsForResource: { ResourceId: PAYER },
  ListTargetsForPolicy: { PolicyId: 'p-FullAWSAccess' },
};

const all = Object.keys(operations) as OperationName[];
const inputOf = (operation: OperationName) => wellFormed[operation] ?? {};

/** Exceptions that all operations with that declaration return for the same cause. */
export const everyOperationCases: readonly ErrorCase[] = all.flatMap((operation) => {
  const { errors }: OperationModel = operations[operation];
  return [...caller(operation), ...faultCases(operation), ...partition(operation), ...input(operation)].filter(
    ({ error }) => errors.includes(error),
  );
});

function caller(operation: OperationName): ErrorCase[] {
  const { callers, allFeatures } = callerRules[operation];
  const cases = [
    rule(operation, 'AccessDeniedException', 'the account is suspended', (stage) => {
      stage.account(PAYER).state = 'SUSPENDED';
      return stage.call(PAYER, operation, inputOf(operation));
    }),
  ];
  if (callers !== 'anyone' && callers !== 'standalone') {
    cases.push(
      rule(operation, 'AWSOrganizationsNotInUseException', 'the account is in no organization', (stage) =>
        stage.call(STANDALONE, operation, inputOf(operation)),
      ),
    );
  }
  if (callers !== 'anyone' && callers !== 'standalone' && callers !== 'members' && callers !== 'member') {
    cases.push(
      rule(operation, 'AccessDeniedException', 'the account is a member', (stage) =>
        stage.call(stage.member('Checkout').id, operation, inputOf(operation)),
      ),
    );
  }
  if (allFeatures === 'ConstraintViolationException') {
    cases.push(
      rule(operation, `${allFeatures} ORGANIZATION_NOT_IN_ALL_FEATURES_MODE`, 'consolidated billing only', (stage) =>
        stage.call(SEDGE, operation, inputOf(operation)),
      ),
    );
  }
  if (allFeatures === 'PolicyTypeNotAvailableForOrganizationException') {
    cases.push(
      rule(operation, allFeatures, 'consolidated billing only', (stage) =>
        stage.call(SEDGE, operation, inputOf(operation)),
      ),
    );
  }
  return cases;
}

function faultCases(operation: OperationName): ErrorCase[] {
  const injected = (
    error: 'ConcurrentModificationException' | 'ServiceException' | 'TooManyRequestsException',
  ): ErrorCase => ({
    operation,
    error,
    by: 'fault',
    when: 'injected',
    provoke: (stage) => {
      stage.simulator.control.failNext(operation, error);
      return stage.call(PAYER, operation, inputOf(operation));
    },
  });
  const throttled = rule(operation, 'TooManyRequestsException', 'above the documented rate', async (stage) => {
    stage.simulator.control.setThrottle(true);
    const { burst } = throttleLimits[operation]?.account ?? { burst: 0 };
    // Sends more calls at once than the bucket can refill meanwhile, even on a slow machine.
    const call = () => stage.call(PAYER, operation, { ...inputOf(operation), MaxResults: 0 });
    const outcomes = await Promise.all(Array.from({ length: burst * 3 + 3 }, call));
    return outcomes.find(({ error }) => error === 'TooManyRequestsException') ?? call();
  });
  return [
    injected('ConcurrentModificationException'),
    injected('ServiceException'),
    throttleLimits[operation] ? throttled : injected('TooManyRequestsException'),
  ];
}

function partition(operation: OperationName): ErrorCase[] {
  const error = 'UnsupportedAPIEndpointException';
  if (callerRules[operation].commercialOnly) {
    return [
      rule(operation, error, 'in aws-cn', (stage) => stage.call(PAYER, operation, inputOf(operation), 'cn-north-1')),
    ];
  }
  return [
    {
      operation,
      error,
      by: 'fault',
      when: 'injected',
      provoke: (stage) => {
        stage.simulator.control.failNext(operation, error);
        return stage.call(PAYER, operation, inputOf(operation));
      },
    },
  ];
}

/** One invalid input for each reason of the shapes. `mutations.test.ts` covers every member. */
function input(operation: OperationName): ErrorCase[] {
  const model: OperationModel = operations[operation];
  const shape = shapes[model.input ?? ''];
  if (shape?.type !== 'structure') return [];
  const refused = (reason: string, when: string, value: object) =>
    rule(operation, invalid(reason), when, (stage) => stage.call(PAYER, operation, value));
  const valid = inputOf(operation);
  const cases = shape.required
    .slice(0, 1)
    .map((member) => refused('INPUT_REQUIRED', `no ${member}`, { ...valid, [member]: null }));
  for (const [member, type] of Object.entries(shape.members)) {
    const inside = shapes[type];
    if (inside?.type === 'integer') {
      cases.push(refused('MIN_VALUE_EXCEEDED', `${member} too small`, { ...valid, [member]: inside.min - 1 }));
      cases.push(refused('MAX_VALUE_EXCEEDED', `${member} too large`, { ...valid, [member]: inside.max + 1 }));
    }
    if (inside?.type !== 'string') continue;
    if (member === 'NextToken' && operation !== 'ListDelegatedServicesForAccount') {
      const list = listable[operation] ?? valid;
      cases.push(refused('INVALID_NEXT_TOKEN', 'an invalid token', { ...list, NextToken: 'x' }));
    }
    if (inside.max && member !== 'NextToken') {
      cases.push(
        refused('MAX_LENGTH_EXCEEDED', `${member} too long`, { ...valid, [member]: 'a'.repeat(inside.max + 1) }),
      );
    }
    if (inside.min) cases.push(refused('MIN_LENGTH_EXCEEDED', `${member} empty`, { ...valid, [member]: '' }));
    if (inside.enum) {
      const reason = type.endsWith('PolicyType') ? 'INVALID_ENUM_POLICY_TYPE' : 'INVALID_ENUM';
      cases.push(refused(reason, `${member} unknown`, { ...valid, [member]: 'NOPE' }));
    }
    if (inside.pattern && !inside.pattern.test('\u0000')) {
      const own: Readonly<Record<string, string>> = {
        PolicyId: 'INVALID_SYNTAX_POLICY_ID',
        PolicyTargetId: 'INVALID_PATTERN_TARGET_ID',
      };
      const value = '\u0000'.repeat(inside.min ?? 1);
      cases.push(refused(own[type] ?? 'INVALID_PATTERN', `${member} malformed`, { ...valid, [member]: value }));
    }
  }
  const seen = new Set<string>();
  return cases.filter(({ reason = '' }) => !seen.has(reason) && seen.add(reason) && known(reason));
}

function known(reason: string): boolean {
  return errorReasons.InvalidInputException.some((one) => one === reason);
}
