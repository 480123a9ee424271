// Measures the evaluator of control policies. Decides one request for 10,000 accounts under 500 policies, beside one
// evaluation without preparation per OU, and single decisions in a prepared organization.
//
//   npm run bench:control-policies -- [--rounds 7]
import { parseArgs } from 'node:util';
import {
  evaluateAccounts,
  evaluateRequest,
  type OrganizationInput,
  type OrganizationNode,
  prepareOrganization,
} from '../../src/control-policies/index.ts';
import { evaluateNaively } from '../../test/control-policies/naive-evaluator.ts';
import { median } from '../peers/statistics.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);
const ACCOUNTS = 10_000;
const POLICIES = 500;
/** 10 below the root, 10 below each of these, and so on. */
const OUS_PER_LEVEL = 10;
const decisions = 10_000;

const idOf = (index: number): string => String(100_000_000_000 + index);
const lowest: OrganizationNode[] = Array.from({ length: OUS_PER_LEVEL ** 3 }, (_, ou) => {
  const size = ACCOUNTS / OUS_PER_LEVEL ** 3;
  return { id: `ou-c${ou}`, children: Array.from({ length: size }, (__, index) => ({ id: idOf(ou * size + index) })) };
});
const above = (children: OrganizationNode[], level: string): OrganizationNode[] =>
  Array.from({ length: children.length / OUS_PER_LEVEL }, (_, ou) => ({
    id: `ou-${level}${ou}`,
    children: children.slice(ou * OUS_PER_LEVEL, (ou + 1) * OUS_PER_LEVEL),
  }));
const middle = above(lowest, 'b');
const top = above(middle, 'a');
const tree = { id: 'r-a', managementAccount: '999999999999', children: top };
const ous = [...top, ...middle, ...lowest].map(({ id }) => id);

const policies: OrganizationInput['policies'] = Object.fromEntries(
  Array.from({ length: POLICIES }, (_, index) => {
    const guard = {
      Sid: `Guard${index}`,
      Effect: 'Deny',
      NotAction: ['iam:*', `sts:Assume${index}*`],
      Resource: ['arn:aws:s3:::logs/*', `arn:aws:s3:::vault-${index}/*`],
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] },
        ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/admin-${index}` },
      },
    };
    const actions = { Effect: 'Deny', Action: ['ec2:*Gateway', `kms:Schedule${index}*`], Resource: '*' };
    return [
      `p${index}`,
      { type: 'SERVICE_CONTROL_POLICY', document: { Version: '2012-10-17', Statement: [guard, actions] } },
    ];
  }),
);
const attachments = Object.fromEntries(
  ['r-a', ...ous, ...Array.from({ length: ACCOUNTS }, (_, index) => idOf(index))].map((id, index) => [
    id,
    // Accounts have FullAWSAccess; root and OUs have two policies more.
    /^\d/.test(id)
      ? ['FullAWSAccess']
      : ['FullAWSAccess', `p${(index * 2) % POLICIES}`, `p${(index * 2 + 1) % POLICIES}`],
  ]),
);
const input: OrganizationInput = { tree, policies, attachments };
const details = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::logs/2026/a',
  context: { 'aws:RequestedRegion': 'eu-west-1', 'aws:PrincipalArn': 'arn:aws:iam::100000000000:role/dev' },
};

/** Returns milliseconds. */
function time(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const organization = prepareOrganization(input);
// For each OU, the path to its first account: the naive evaluator then looks for nothing else in the tree.
const ouInputs = lowest.map((ou, index) => {
  const [b, a] = [middle[Math.floor(index / OUS_PER_LEVEL)], top[Math.floor(index / OUS_PER_LEVEL ** 2)]];
  const account = ou.children?.[0] ?? { id: idOf(index) };
  const path = {
    ...a,
    id: a?.id ?? '',
    children: [{ ...b, id: b?.id ?? '', children: [{ ...ou, children: [account] }] }],
  };
  return { ...input, tree: { ...tree, children: [path] }, request: { ...details, account: account.id } };
});

const measured = Array.from({ length: rounds }, () => {
  const prepare = time(() => void prepareOrganization(input));
  const all = time(() => void evaluateAccounts(organization, details));
  const naive = time(() => ouInputs.forEach(evaluateNaively));
  const single = time(() => {
    for (let index = 0; index < decisions; index += 1)
      evaluateRequest(organization, { ...details, account: idOf(index) });
  });
  return { prepare, all, naive, ratio: all / naive, single: (single / decisions) * 1_000 };
});
const medianOf = (name: keyof (typeof measured)[number]): string =>
  median(measured.map((each) => each[name])).toFixed(2);

print(`prepare ${POLICIES} policies and ${ACCOUNTS} accounts: ${medianOf('prepare')} ms`);
print(`one request for ${ACCOUNTS} accounts: ${medianOf('all')} ms`);
print(`one evaluation without preparation for each of ${lowest.length} OUs: ${medianOf('naive')} ms`);
print(`ratio: ${medianOf('ratio')} (target: at most 2.0)`);
print(`one decision in a prepared organization: ${medianOf('single')} µs`);
