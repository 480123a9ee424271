import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccountEvaluator } from '../../src/control-policies/evaluate.ts';
import {
  type AccessRequest,
  evaluateRequest,
  type OrganizationInput,
  type OrganizationNode,
  prepareOrganization,
} from '../../src/control-policies/index.ts';
import { runs } from '../support/runs.ts';
import { organization, request } from './arbitraries.ts';

const facts = { organizationId: 'o-a', partition: 'aws' };

/** The ids from the root to an account, without it. */
function pathTo({ id, children = [] }: OrganizationNode, account: string): readonly string[] | undefined {
  for (const child of children) {
    if (child.id === account) return [id];
    const below = pathTo(child, account);
    if (below !== undefined) return [id, ...below];
  }
  return undefined;
}

/** The keys that follow from a request, after AWS's page of global condition keys. */
function keysOf({ tree }: OrganizationInput, { account, principal = {} }: AccessRequest) {
  const { kind = 'ROLE', account: caller = account } = principal;
  const orgPath = (id: string) => {
    const path = pathTo(tree, id);
    return path && `o-a/${path.join('/')}/`;
  };
  const keys = new Map<string, string | null | undefined>([
    ['aws:ResourceAccount', account],
    ['aws:ResourceOrgID', orgPath(account) && 'o-a'],
    ['aws:ResourceOrgPaths', orgPath(account)],
    ['aws:PrincipalIsAWSService', String(kind === 'SERVICE')],
  ]);
  if (kind === 'SERVICE' || kind === 'ANONYMOUS') {
    keys.set('aws:PrincipalOrgID', null);
    keys.set('aws:PrincipalOrgPaths', null);
  } else {
    keys.set('aws:PrincipalAccount', caller);
    keys.set('aws:PrincipalOrgID', orgPath(caller) && 'o-a');
    keys.set('aws:PrincipalOrgPaths', orgPath(caller));
    if (kind === 'ROOT') keys.set('aws:PrincipalArn', `arn:aws:iam::${caller}:root`);
  }
  return keys;
}

/** The request with these keys, unless it has them itself. */
function withKeys(input: OrganizationInput, given: AccessRequest): AccessRequest {
  const own = Object.keys(given.context ?? {}).map((key) => key.toLowerCase());
  const added = [...keysOf(input, given)].filter(
    ([key, value]) => value !== undefined && !own.includes(key.toLowerCase()),
  );
  return {
    ...given,
    context: { ...Object.fromEntries(added), ...given.context } as NonNullable<AccessRequest['context']>,
  };
}

/** Conditions on the keys that follow from a request, which the other random policies seldom have. */
const accountCondition = fc
  .record({
    operator: fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'ForAnyValue:StringLike', 'Null'),
    key: fc.constantFrom(
      'aws:PrincipalAccount',
      'aws:principalorgid',
      'aws:PrincipalOrgPaths',
      'aws:ResourceAccount',
      'aws:ResourceOrgID',
      'AWS:ResourceOrgPaths',
      'aws:PrincipalIsAWSService',
      'aws:PrincipalArn',
    ),
    value: fc.constantFrom('222222222222', 'o-a', 'o-a/r-a/*', 'o-a/r-a/ou-a-1/', 'true', '*:root', '999999999999'),
  })
  .map(({ operator, key, value }) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: { [operator]: { [key]: operator === 'Null' ? 'true' : value } },
    },
  }));

test('an evaluator for accounts adds the keys that follow from each request, and shares only what is common', () => {
  fc.assert(
    fc.property(organization, accountCondition, request, (input, document, given) => {
      const { Principal: _none, ...ofScp } = document.Statement;
      const changed: OrganizationInput = {
        ...input,
        policies: {
          ...input.policies,
          scp: { type: 'SERVICE_CONTROL_POLICY', document: { ...document, Statement: ofScp } },
          rcp: { type: 'RESOURCE_CONTROL_POLICY', document },
        },
        attachments: { ...input.attachments, 'r-a': [...(input.attachments['r-a'] ?? []), 'scp', 'rcp'] },
      };
      const prepared = prepareOrganization(changed);
      const { account: _account, ...details } = given;
      const decide = createAccountEvaluator(prepared, details, facts);
      const accounts = [...prepared.accounts.keys(), '999999999999'];
      for (const account of [...accounts, ...accounts]) {
        const single = withKeys(changed, { ...given, account });
        expect(decide(account)).toEqual(evaluateRequest(prepared, single));
      }
    }),
    { numRuns: runs(300) },
  );
});

test('an account outside of the organization does not get the keys of one inside', () => {
  const isOwn = { StringEquals: { 'aws:ResourceOrgID': 'o-a' } };
  const scp = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition: isOwn } };
  const prepared = prepareOrganization({
    tree: { id: 'r-a', managementAccount: '111111111111', children: [{ id: '222222222222' }] },
    policies: { scp: { type: 'SERVICE_CONTROL_POLICY', document: scp } },
    attachments: { 'r-a': ['FullAWSAccess', 'scp'], '222222222222': ['FullAWSAccess'] },
  });
  const details = { action: 's3:GetObject', principal: { account: '222222222222' } };
  const decide = createAccountEvaluator(prepared, details, facts);
  const depends = { decision: 'DEPENDS', missingContextKeys: ['aws:ResourceOrgID'] };
  expect(decide('999999999999')).toMatchObject(depends);
  expect(decide('222222222222')).toMatchObject({ decision: 'DENIED' });
  expect(decide('999999999999')).toMatchObject(depends);
});
