import { constraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, type Stage } from './stage.ts';

const scp = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}';
const newPolicy = { Type: 'SERVICE_CONTROL_POLICY', Name: 'New', Description: '', Content: scp };
const unknown = 'p-00000000';
const changing = (stage: Stage, type: 'TAG_POLICY') =>
  stage.organization().root.policyTypes.set(type, { status: 'PENDING_DISABLE' });

const notFound = [
  rule('DescribePolicy', 'PolicyNotFoundException', 'no such policy', (stage) =>
    stage.call(PAYER, 'DescribePolicy', { PolicyId: unknown }),
  ),
  rule('UpdatePolicy', 'PolicyNotFoundException', 'no such policy', (stage) =>
    stage.call(PAYER, 'UpdatePolicy', { PolicyId: unknown }),
  ),
  rule('DeletePolicy', 'PolicyNotFoundException', 'no such policy', (stage) =>
    stage.call(PAYER, 'DeletePolicy', { PolicyId: unknown }),
  ),
  rule('ListTargetsForPolicy', 'PolicyNotFoundException', 'no such policy', (stage) =>
    stage.call(PAYER, 'ListTargetsForPolicy', { PolicyId: unknown }),
  ),
  ...(['AttachPolicy', 'DetachPolicy'] as const).flatMap((operation) => [
    rule(operation, 'PolicyNotFoundException', 'no such policy', (stage) =>
      stage.call(PAYER, operation, { PolicyId: unknown, TargetId: stage.root }),
    ),
    rule(operation, 'TargetNotFoundException', 'no such target', (stage) =>
      stage.call(PAYER, operation, { PolicyId: 'p-FullAWSAccess', TargetId: CUSTOMER }),
    ),
    rule(operation, 'PolicyChangesInProgressException', 'the type is being disabled', async (stage) => {
      const policy = stage.policy('Cost center');
      changing(stage, 'TAG_POLICY');
      const TargetId = operation === 'AttachPolicy' ? stage.unit('Sandbox') : stage.root;
      return stage.call(PAYER, operation, { PolicyId: policy.id, TargetId });
    }),
  ]),
  rule('ListPoliciesForTarget', 'TargetNotFoundException', 'no such target', (stage) =>
    stage.call(PAYER, 'ListPoliciesForTarget', { TargetId: CUSTOMER, Filter: 'TAG_POLICY' }),
  ),
  rule('DescribeEffectivePolicy', 'TargetNotFoundException', 'no such account', (stage) =>
    stage.call(PAYER, 'DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY', TargetId: CUSTOMER }),
  ),
];

const types: readonly ErrorCase[] = (['EnablePolicyType', 'DisablePolicyType'] as const).flatMap((operation) => [
  rule(operation, 'RootNotFoundException', 'no such root', (stage) =>
    stage.call(PAYER, operation, { RootId: 'r-0000', PolicyType: 'TAG_POLICY' }),
  ),
  rule(operation, 'PolicyChangesInProgressException', 'the type is being disabled', (stage) => {
    changing(stage, 'TAG_POLICY');
    return stage.call(PAYER, operation, { RootId: stage.root, PolicyType: 'TAG_POLICY' });
  }),
]);

export const policyCases: readonly ErrorCase[] = [
  ...notFound,
  ...types,
  ...(
    [
      ['TagResource', { Tags: [{ Key: 'a', Value: 'b' }] }],
      ['UntagResource', { TagKeys: ['a'] }],
      ['ListTagsForResource', {}],
    ] as const
  ).flatMap(([operation, input]) =>
    ['p-FullAWSAccess', 'p-RCPFullAWSAccess'].map((ResourceId) =>
      rule(operation, invalid('TARGET_NOT_SUPPORTED'), `tags of ${ResourceId}`, (stage) =>
        stage.call(PAYER, operation, { ResourceId, ...input }),
      ),
    ),
  ),
  rule('CreatePolicy', 'MalformedPolicyDocumentException', 'not JSON', (stage) =>
    stage.call(PAYER, 'CreatePolicy', { ...newPolicy, Content: '{' }),
  ),
  rule('UpdatePolicy', 'MalformedPolicyDocumentException', 'of another type', (stage) =>
    stage.call(PAYER, 'UpdatePolicy', { PolicyId: stage.policy('Cost center').id, Content: scp }),
  ),
  rule('CreatePolicy', 'DuplicatePolicyException', 'the name is taken', (stage) =>
    stage.call(PAYER, 'CreatePolicy', { ...newPolicy, Name: 'Quarantine' }),
  ),
  rule('UpdatePolicy', 'DuplicatePolicyException', 'the name is taken', (stage) =>
    stage.call(PAYER, 'UpdatePolicy', { PolicyId: stage.policy('No IoT').id, Name: 'Quarantine' }),
  ),
  rule('CreatePolicy', constraint('POLICY_CONTENT_LIMIT_EXCEEDED'), 'too large', (stage) =>
    stage.call(PAYER, 'CreatePolicy', { ...newPolicy, Content: scp.padEnd(10_241) }),
  ),
  rule('UpdatePolicy', constraint('POLICY_CONTENT_LIMIT_EXCEEDED'), 'too large', (stage) =>
    stage.call(PAYER, 'UpdatePolicy', { PolicyId: stage.policy('No IoT').id, Content: scp.padEnd(10_241) }),
  ),
  rule('CreatePolicy', constraint('POLICY_NUMBER_LIMIT_EXCEEDED'), 'quota reached', (stage) => {
    const { policies } = stage.organization();
    const policy = stage.policy('Organization perimeter');
    for (let n = 0; n < 2_000; n++) policies.add(`filler ${n}`, 1_000_000 + n, policy);
    const Content =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}';
    return stage.call(PAYER, 'CreatePolicy', { ...newPolicy, Type: 'RESOURCE_CONTROL_POLICY', Content });
  }),
  rule('CreatePolicy', invalid('DUPLICATE_TAG_KEY'), 'a duplicate tag key', (stage) => {
    const tag = { Key: 'a', Value: 'b' };
    return stage.call(PAYER, 'CreatePolicy', { ...newPolicy, Tags: [tag, tag] });
  }),
  rule('UpdatePolicy', invalid('IMMUTABLE_POLICY'), 'an AWS managed policy', (stage) =>
    stage.call(PAYER, 'UpdatePolicy', { PolicyId: 'p-FullAWSAccess', Name: 'Mine' }),
  ),
  rule('UpdatePolicy', 'PolicyChangesInProgressException', 'the type is being disabled', (stage) => {
    changing(stage, 'TAG_POLICY');
    return stage.call(PAYER, 'UpdatePolicy', { PolicyId: stage.policy('Cost center').id, Name: 'New' });
  }),
  rule('DeletePolicy', invalid('IMMUTABLE_POLICY'), 'an AWS managed policy', (stage) =>
    stage.call(PAYER, 'DeletePolicy', { PolicyId: 'p-RCPFullAWSAccess' }),
  ),
  rule('DeletePolicy', 'PolicyInUseException', 'still attached', (stage) =>
    stage.call(PAYER, 'DeletePolicy', { PolicyId: stage.policy('Quarantine').id }),
  ),
  rule('AttachPolicy', 'DuplicatePolicyAttachmentException', 'a second time', (stage) =>
    stage.call(PAYER, 'AttachPolicy', { PolicyId: 'p-FullAWSAccess', TargetId: stage.root }),
  ),
  rule('AttachPolicy', 'PolicyTypeNotEnabledException', 'the type is disabled', async (stage) => {
    const policy = stage.policy('Cost center');
    await stage.id(PAYER, 'DisablePolicyType', { RootId: stage.root, PolicyType: 'TAG_POLICY' }, 'Root');
    return stage.call(PAYER, 'AttachPolicy', { PolicyId: policy.id, TargetId: stage.root });
  }),
  rule('AttachPolicy', constraint('MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED'), 'ten on the target', async (stage) => {
    const names = ['No IoT', 'No Lightsail', 'Quarantine', 'No AI services', 'No domains', 'No marketplace'];
    for (const name of [...names, 'No key deletion', 'No Direct Connect', 'No VPC peering']) {
      await stage.id(PAYER, 'AttachPolicy', { PolicyId: stage.policy(name).id, TargetId: PAYER }, '');
    }
    return stage.call(PAYER, 'AttachPolicy', { PolicyId: stage.policy('No root user keys').id, TargetId: PAYER });
  }),
  rule('DetachPolicy', 'PolicyNotAttachedException', 'not attached', (stage) =>
    stage.call(PAYER, 'DetachPolicy', { PolicyId: stage.policy('No IoT').id, TargetId: stage.root }),
  ),
  rule('DetachPolicy', constraint('MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED'), 'the last SCP', (stage) =>
    stage.call(PAYER, 'DetachPolicy', { PolicyId: 'p-FullAWSAccess', TargetId: PAYER }),
  ),
  rule('DetachPolicy', invalid('NON_DETACHABLE_POLICY'), 'RCPFullAWSAccess', (stage) =>
    stage.call(PAYER, 'DetachPolicy', { PolicyId: 'p-RCPFullAWSAccess', TargetId: stage.root }),
  ),
  rule('EnablePolicyType', 'PolicyTypeAlreadyEnabledException', 'already enabled', (stage) =>
    stage.call(PAYER, 'EnablePolicyType', { RootId: stage.root, PolicyType: 'TAG_POLICY' }),
  ),
  rule('EnablePolicyType', constraint('SERVICE_ACCESS_NOT_ENABLED'), 'the service has no access', (stage) =>
    stage.call(PAYER, 'EnablePolicyType', { RootId: stage.root, PolicyType: 'NETWORK_SECURITY_DIRECTOR_POLICY' }),
  ),
  rule('DisablePolicyType', 'PolicyTypeNotEnabledException', 'not enabled', (stage) =>
    stage.call(PAYER, 'DisablePolicyType', { RootId: stage.root, PolicyType: 'CHATBOT_POLICY' }),
  ),
  rule('DescribeEffectivePolicy', 'EffectivePolicyNotFoundException', 'the type is not enabled', (stage) =>
    stage.call(PAYER, 'DescribeEffectivePolicy', { PolicyType: 'CHATBOT_POLICY' }),
  ),
  rule('DescribeEffectivePolicy', 'EffectivePolicyNotFoundException', 'no policy applies to the account', (stage) =>
    stage.call(stage.member('Sandbox Ada').id, 'DescribeEffectivePolicy', { PolicyType: 'BACKUP_POLICY' }),
  ),
  rule('DescribeEffectivePolicy', invalid('TARGET_NOT_SUPPORTED'), 'the target is a root', (stage) =>
    stage.call(PAYER, 'DescribeEffectivePolicy', { PolicyType: 'TAG_POLICY', TargetId: stage.root }),
  ),
  rule('DescribeEffectivePolicy', 'AccessDeniedException', "a member asks for another's", (stage) =>
    stage.call(stage.member('Sandbox Ada').id, 'DescribeEffectivePolicy', {
      PolicyType: 'TAG_POLICY',
      TargetId: PAYER,
    }),
  ),
  rule(
    'ListAccountsWithInvalidEffectivePolicy',
    'EffectivePolicyNotFoundException',
    'the type is not enabled',
    (stage) => stage.call(PAYER, 'ListAccountsWithInvalidEffectivePolicy', { PolicyType: 'CHATBOT_POLICY' }),
  ),
  rule('ListEffectivePolicyValidationErrors', 'EffectivePolicyNotFoundException', 'the type is not enabled', (stage) =>
    stage.call(PAYER, 'ListEffectivePolicyValidationErrors', { PolicyType: 'CHATBOT_POLICY', AccountId: PAYER }),
  ),
  rule('ListEffectivePolicyValidationErrors', 'AccountNotFoundException', 'not a member', (stage) =>
    stage.call(PAYER, 'ListEffectivePolicyValidationErrors', { PolicyType: 'TAG_POLICY', AccountId: CUSTOMER }),
  ),
];
