import { constraint, invalid, rule } from './case.ts';
import { CUSTOMER, type ErrorCase, PAYER, type Stage } from './stage.ts';

const noUnit = 'ou-exmp-00000000';

const parents: readonly ErrorCase[] = [
  rule('ListAccountsForParent', 'ParentNotFoundException', 'no such parent', (stage) =>
    stage.call(PAYER, 'ListAccountsForParent', { ParentId: noUnit }),
  ),
  rule('ListOrganizationalUnitsForParent', 'ParentNotFoundException', 'no such parent', (stage) =>
    stage.call(PAYER, 'ListOrganizationalUnitsForParent', { ParentId: noUnit }),
  ),
  rule('ListChildren', 'ParentNotFoundException', 'no such parent', (stage) =>
    stage.call(PAYER, 'ListChildren', { ParentId: noUnit, ChildType: 'ACCOUNT' }),
  ),
  rule('CreateOrganizationalUnit', 'ParentNotFoundException', 'no such parent', (stage) =>
    stage.call(PAYER, 'CreateOrganizationalUnit', { ParentId: noUnit, Name: 'New' }),
  ),
  rule('ListParents', 'ChildNotFoundException', 'no such child', (stage) =>
    stage.call(PAYER, 'ListParents', { ChildId: noUnit }),
  ),
  ...(['DescribeOrganizationalUnit', 'UpdateOrganizationalUnit', 'DeleteOrganizationalUnit'] as const).map(
    (operation) =>
      rule(operation, 'OrganizationalUnitNotFoundException', 'no such OU', (stage) =>
        stage.call(PAYER, operation, { OrganizationalUnitId: noUnit }),
      ),
  ),
];

const units: readonly ErrorCase[] = [
  rule('CreateOrganizationalUnit', 'DuplicateOrganizationalUnitException', 'the name is taken', (stage) =>
    stage.call(PAYER, 'CreateOrganizationalUnit', { ParentId: stage.root, Name: 'Sandbox' }),
  ),
  rule('UpdateOrganizationalUnit', 'DuplicateOrganizationalUnitException', 'the name is taken', (stage) =>
    stage.call(PAYER, 'UpdateOrganizationalUnit', { OrganizationalUnitId: stage.unit('Security'), Name: 'Sandbox' }),
  ),
  rule('CreateOrganizationalUnit', constraint('OU_DEPTH_LIMIT_EXCEEDED'), 'on the sixth level', (stage) =>
    stage.call(PAYER, 'CreateOrganizationalUnit', { ParentId: stage.unit('Payments'), Name: 'Deeper' }),
  ),
  rule('CreateOrganizationalUnit', constraint('OU_NUMBER_LIMIT_EXCEEDED'), 'quota reached', (stage) => {
    const { units } = stage.organization();
    const [unit] = units.values();
    if (unit) for (let n = 0; n < 2_000; n++) units.add(`filler ${n}`, 1_000_000 + n, unit);
    return stage.call(PAYER, 'CreateOrganizationalUnit', { ParentId: stage.root, Name: 'New' });
  }),
  rule('CreateOrganizationalUnit', constraint('MAX_TAG_LIMIT_EXCEEDED'), '51 tags', (stage) =>
    stage.call(PAYER, 'CreateOrganizationalUnit', { ParentId: stage.root, Name: 'New', Tags: tags(51) }),
  ),
  rule('DeleteOrganizationalUnit', 'OrganizationalUnitNotEmptyException', 'it has accounts', (stage) =>
    stage.call(PAYER, 'DeleteOrganizationalUnit', { OrganizationalUnitId: stage.unit('Sandbox') }),
  ),
];

const move = (stage: Stage, changes: object) =>
  stage.call(PAYER, 'MoveAccount', {
    AccountId: stage.member('Sandbox Ada').id,
    SourceParentId: stage.unit('Sandbox'),
    DestinationParentId: stage.unit('Security'),
    ...changes,
  });

const moves: readonly ErrorCase[] = [
  rule('MoveAccount', 'AccountNotFoundException', 'not a member', (stage) => move(stage, { AccountId: CUSTOMER })),
  rule('MoveAccount', 'SourceParentNotFoundException', 'the account is elsewhere', (stage) =>
    move(stage, { SourceParentId: stage.root }),
  ),
  rule('MoveAccount', 'DestinationParentNotFoundException', 'no such parent', (stage) =>
    move(stage, { DestinationParentId: noUnit }),
  ),
  rule('MoveAccount', 'DuplicateAccountException', 'the account is already there', (stage) =>
    move(stage, { DestinationParentId: stage.unit('Sandbox') }),
  ),
  rule(
    'MoveAccount',
    invalid('MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS'),
    'the destination is in another organization',
    (stage) => move(stage, { DestinationParentId: stage.organization(CUSTOMER).root.id }),
  ),
];

const tags = (count: number) => Array.from({ length: count }, (_, n) => ({ Key: `key-${n}`, Value: 'x' }));

const tagging: readonly ErrorCase[] = [
  rule('TagResource', 'TargetNotFoundException', 'no such resource', (stage) =>
    stage.call(PAYER, 'TagResource', { ResourceId: CUSTOMER, Tags: [] }),
  ),
  rule('UntagResource', 'TargetNotFoundException', 'no such resource', (stage) =>
    stage.call(PAYER, 'UntagResource', { ResourceId: CUSTOMER, TagKeys: [] }),
  ),
  rule('ListTagsForResource', 'TargetNotFoundException', 'no such resource', (stage) =>
    stage.call(PAYER, 'ListTagsForResource', { ResourceId: CUSTOMER }),
  ),
  rule('TagResource', constraint('MAX_TAG_LIMIT_EXCEEDED'), '51 tags', (stage) =>
    stage.call(PAYER, 'TagResource', { ResourceId: PAYER, Tags: tags(51) }),
  ),
  rule('TagResource', constraint('TAG_POLICY_VIOLATION'), 'an enforced tag policy is violated', (stage) => {
    const policy = stage.policy('Cost center');
    policy.content =
      '{"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@assign":["Retail"]},"enforced_for":{"@@assign":["organizations:account"]}}}}';
    policy.updatedAt += 1;
    return stage.call(PAYER, 'TagResource', { ResourceId: PAYER, Tags: [{ Key: 'CostCenter', Value: 'Fun' }] });
  }),
  rule('TagResource', invalid('DUPLICATE_TAG_KEY'), 'a duplicate tag key', (stage) =>
    stage.call(PAYER, 'TagResource', { ResourceId: PAYER, Tags: [...tags(1), ...tags(1)] }),
  ),
  rule('TagResource', invalid('INVALID_SYSTEM_TAGS_PARAMETER'), 'a reserved tag key', (stage) =>
    stage.call(PAYER, 'TagResource', { ResourceId: PAYER, Tags: [{ Key: 'aws:x', Value: '' }] }),
  ),
  rule('UntagResource', invalid('INVALID_SYSTEM_TAGS_PARAMETER'), 'a reserved tag key', (stage) =>
    stage.call(PAYER, 'UntagResource', { ResourceId: PAYER, TagKeys: ['aws:x'] }),
  ),
];

export const treeCases: readonly ErrorCase[] = [...parents, ...units, ...moves, ...tagging];
