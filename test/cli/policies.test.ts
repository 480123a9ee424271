import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { MEMBER, PAYER, seed } from '../simulator/control-policies/organization.ts';
import { apiKey } from '../support/api-key.ts';
import { finishInProcess } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: unknown): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const orgql = (...args: readonly string[]) => finishInProcess(['policies', ...args]);

const deny = { Version: '2012-10-17', Statement: { Sid: 'No', Effect: 'Deny', Action: 's3:*', Resource: '*' } };
const organization = {
  tree: { id: 'r-test', managementAccount: '111111111111', children: [{ id: '222222222222' }] },
  policies: { deny: { type: 'SERVICE_CONTROL_POLICY', document: deny } },
  attachments: { 'r-test': ['FullAWSAccess', 'deny'], '222222222222': ['FullAWSAccess'] },
};
const request = { account: '222222222222', action: 's3:GetObject' };
const vector = { name: 'denied', request, decision: 'DENIED' };
const vectors = join(import.meta.dirname, '../control-policies/vectors.json');

describe('orgql policies test', () => {
  it('passes all scenarios of AWS’s documentation', async () => {
    expect(await orgql('test', vectors)).toEqual({ code: 0, stdout: '160 passed, 0 failed\n', stderr: '' });
  });

  it('compares the decision, and the reason and the keys where they are stated', async () => {
    const region = { StringEquals: { 'aws:RequestedRegion': 'x', 'aws:SourceVpc': 'y' } };
    const depends = {
      ...vector,
      name: 'depends',
      policies: {
        deny: {
          ...organization.policies.deny,
          document: { ...deny, Statement: { ...deny.Statement, Condition: region } },
        },
      },
      decision: 'DEPENDS',
    };
    const file = write('compare.json', {
      ...organization,
      vectors: [
        vector,
        { ...vector, because: { reason: 'EXPLICIT_DENY', level: 'r-test', policy: 'deny', sid: 'No' } },
        { ...vector, because: { sid: 'No' } },
        { ...vector, name: 'wrong decision', decision: 'ALLOWED' },
        { ...vector, name: 'wrong sid', because: { sid: 'Yes', policy: 'deny' } },
        {
          ...vector,
          name: 'no reason',
          request: { ...request, action: 'ec2:RunInstances' },
          decision: 'ALLOWED',
          because: { sid: 'No' },
        },
        { ...depends, missingContextKeys: ['AWS:sourcevpc', 'aws:RequestedRegion'] },
        { ...depends, name: 'one key', missingContextKeys: ['aws:RequestedRegion'] },
        { ...vector, name: 'no action', request: { ...request, action: 's3' } },
      ],
    });
    const { code, stdout, stderr } = await orgql('test', file);
    expect(stdout.split('\n').filter((line) => /^FAIL|^ {4,6}[-+a-z]/.test(line) || line.includes('passed'))).toEqual([
      `FAIL ${file}: wrong decision`,
      '    decision',
      '      - ALLOWED',
      '      + DENIED',
      `FAIL ${file}: wrong sid`,
      '    because',
      '      - policy deny, sid Yes',
      '      + policy deny, sid No',
      `FAIL ${file}: no reason`,
      '    because',
      '      - sid No',
      '      + none',
      `FAIL ${file}: one key`,
      '    missingContextKeys',
      '      - aws:requestedregion',
      '      + aws:requestedregion, aws:sourcevpc',
      `FAIL ${file}: no action`,
      '    error',
      '      - a valid vector',
      '      + request.action: expected service:Name, such as s3:GetObject, found the text "s3".',
      '4 passed, 5 failed',
    ]);
    expect(stdout).toMatch(/\n4 passed, 5 failed\n$/);
    expect(stdout).toContain(
      '    SCP r-test: DENIED\n      Allow by statement 1 of FullAWSAccess\n      Deny by Sid No of deny\n',
    );
    expect([code, stderr]).toEqual([1, '']);
  });

  it('reads folders with vectors in JSON and YAML, and policies by file name', async () => {
    const rcp = { ...deny, Statement: { ...deny.Statement, Principal: '*' } };
    // Windows PowerShell 5 writes a byte order mark.
    write('suite/policies/deny.json', `\uFEFF${JSON.stringify(deny)}`);
    write(
      'suite/policies/rcp.yaml',
      'Version: "2012-10-17"\nStatement: { Sid: R, Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*" }',
    );
    write('suite/policies/broken.json', '{');
    write('suite/node_modules/x.json', '{ "vectors": 1 }');
    write('suite/a.json', { ...organization, policies: { deny: 'policies/deny.json' }, vectors: [vector] });
    write('suite/more/b.json', {
      ...organization,
      policies: { deny: { type: 'SERVICE_CONTROL_POLICY', document: '../policies/deny.json' } },
      vectors: [vector, { ...vector, policies: { deny: { document: JSON.stringify(rcp) } }, because: { sid: 'No' } }],
    });
    // Account ids need no quotes, even with leading zeros.
    write(
      'suite/c.yml',
      `
tree: &tree { id: r-test, managementAccount: 111111111111, children: [{ id: 012345678901 }] }
policies:
  r: { file: policies/rcp.yaml }
attachments: { r-test: [FullAWSAccess, r], 012345678901: [FullAWSAccess] }
vectors:
  - name: an RCP denies
    request: { account: 012345678901, action: "s3:GetObject", principal: { kind: ANONYMOUS }, context: { aws:SourceVpc: null, aws:SecureTransport: true } }
    decision: DENIED
    because: { policy: r, sid: R, level: r-test }
  - { name: own tree, tree: *tree, enabledPolicyTypes: [], request: { account: 012345678901, action: "s3:GetObject" }, decision: ALLOWED }
`,
    );
    expect(await orgql('test', join(folder, 'suite'))).toEqual({ code: 0, stdout: '5 passed, 0 failed\n', stderr: '' });
  });

  it('writes JUnit XML that is well formed, whatever names and values contain', async () => {
    const name = `<a> & "b" ]]> 'c'\u0001\ud800 \n\t😀`;
    const file = write('junit.json', {
      ...organization,
      vectors: [
        { ...vector, topic: 'A & B' },
        { ...vector, name, decision: 'ALLOWED' },
      ],
    });
    const junit = join(folder, 'junit.xml');
    const { code } = await orgql('test', file, '--junit', junit);
    expect(code).toBe(1);
    const xml = readFileSync(junit, 'utf8');
    const escaped = "&lt;a&gt; &amp; &quot;b&quot; ]]&gt; 'c'\ufffd\ufffd &#10;&#9;😀";
    expect(xml.replace(/time="[\d.]+"/g, 'time=""')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="orgql policies test" tests="2" failures="1" errors="0" time="">
  <testsuite name="${file}" tests="2" failures="1" errors="0" time="">
    <testcase classname="A &amp; B" name="denied" time=""/>
    <testcase classname="${file}" name="${escaped}" time=""><failure message="decision: expected ALLOWED, found DENIED">  s3:GetObject, account 222222222222
    decision
      - ALLOWED
      + DENIED
    SCP r-test: DENIED
      Allow by statement 1 of FullAWSAccess
      Deny by Sid No of deny
    SCP 222222222222: ALLOWED
      Allow by statement 1 of FullAWSAccess
</failure></testcase>
  </testsuite>
</testsuites>
`);
    const unwritable = await orgql('test', file, '--junit', join(folder, 'missing/junit.xml'));
    expect(unwritable.code).toBe(1);
    expect(unwritable.stderr).toMatch(/^orgql: --junit: .*missing\/junit\.xml cannot be written: ENOENT.*\n$/);
  });

  it.for([
    ['no path', [], "missing required argument 'paths'"],
    ['a path that does not exist', [join(folder, 'nowhere.json')], 'nowhere.json does not exist'],
    ['a file without vectors', [write('bad/policy.json', deny)], 'policy.json: vectors: is missing; expected an array'],
    [
      'a folder without vectors',
      [dirname(write('empty/policy.json', deny))],
      'empty: no vectors found; expected files with',
    ],
    [
      'a file that is not JSON',
      [write('bad/a.json', '{"vectors": [,]}')],
      'a.json is not JSON: line 1, column 14: expected',
    ],
    ['a key twice', [write('bad/b.json', '{"vectors": [], "vectors": []}')], 'expected each key once'],
    ['a file that is not YAML', [write('bad/a.yaml', 'vectors: [')], 'a.yaml is not YAML: line 1, column '],
    ['an alias without an anchor', [write('bad/b.yaml', 'vectors: *x')], 'b.yaml is not YAML: '],
    [
      'a misspelled member',
      [write('bad/c.json', { ...organization, vectors: [{ ...vector, becuase: {} }] })],
      'c.json: vectors[0]: "becuase" is not a known member',
    ],
    ['no tree', [write('bad/d.json', { vectors: [vector] })], 'd.json: tree and attachments are missing'],
    [
      'a policy file that does not exist',
      [write('bad/e.json', { ...organization, policies: { deny: 'none.json' }, vectors: [vector] })],
      'bad/none.json does not exist',
    ],
    [
      'a policy with a document and a file',
      [write('bad/f.json', { ...organization, policies: { deny: { document: deny, file: 'x' } }, vectors: [vector] })],
      'f.json: policies["deny"]: expected either document or file',
    ],
    ['an unknown option', [vectors, '--junitt', 'x'], "unknown option '--junitt' (Did you mean --junit?)"],
    ['a URL that is none', [vectors, '--url', 'localhost:4000'], "'localhost:4000' is invalid. Expected a URL such as"],
    [
      'a principal of nothing',
      [vectors, '--principal', 'x'],
      '--principal: has no effect without --organization, --url',
    ],
    [
      'a context of another type',
      [write('bad/g.json', { ...organization, vectors: [{ ...vector, request: { ...request, context: { a: {} } } }] })],
      'g.json: vectors[0].request.context.a: expected text, a list of texts or null',
    ],
    [
      'a URL and a settings file',
      [vectors, '--url', 'http://127.0.0.1:1', '--config', 'x'],
      '--config: has no effect with --url',
    ],
  ] as const)('%s ends with exit code 2 and a message', async ([, args, message]) => {
    const { code, stdout, stderr } = await orgql('test', ...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^orgql: .*\n$/);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('reports each invalid value of a file', async () => {
    const file = write('bad/many.json', {
      ...organization,
      vectors: [
        { ...vector, decision: 'NO' },
        { ...vector, request: {} },
      ],
    });
    const { stderr } = await orgql('test', file);
    expect(stderr.split('\n').map((line) => line.replace(file, 'FILE'))).toEqual([
      'orgql: 3 mistakes:',
      '  FILE: vectors[0].decision: expected "ALLOWED" or "DENIED" or "DEPENDS"',
      '  FILE: vectors[1].request.account: is missing; expected a string',
      '  FILE: vectors[1].request.action: is missing; expected a string',
      '',
    ]);
  });
});

const LEAVE = 'organizations:LeaveOrganization';
const member = '191813416651';
const demoVectors = write('demo/vectors.json', {
  vectors: [
    {
      name: 'members stay',
      request: { account: member, action: LEAVE },
      decision: 'DENIED',
      because: { level: 'r-exmp', policy: 'Deny leaving the organization' },
    },
    // The RCP tests aws:PrincipalOrgID, which follows from the organization.
    {
      name: 'members may use their buckets',
      request: { account: '130397274835', action: 's3:GetObject', resource: 'arn:aws:s3:::data/x' },
      decision: 'ALLOWED',
    },
    {
      name: 'the management account is exempt',
      request: { account: '111111111111', action: LEAVE },
      decision: 'ALLOWED',
    },
  ],
});

describe('with a gateway', () => {
  it('test and explain use its tree, policies and attachments', async () => {
    await using demo = await startDemo({
      simulator: { accounts: 450 },
      config: { graph: { maxCalls: 100_000 } },
    });
    const source = ['--url', demo.url, '--principal', 'partner'];
    expect(await orgql('test', demoVectors, ...source)).toEqual({
      code: 0,
      stdout: '3 passed, 0 failed\n',
      stderr: '',
    });
    const { stdout, code } = await orgql('explain', '--account', member, '--action', LEAVE, ...source);
    expect(stdout).toMatch(
      /^organizations:LeaveOrganization, account 191813416651 \(Network Transit\)\n\nSCP r-exmp \(Root\): DENIED\n/,
    );
    expect(stdout).toMatch(
      /\n\nDENIED by Sid Denyleavingtheorganization of Deny leaving the organization at r-exmp \(Root\)\n$/,
    );
    expect(code).toBe(0);
    // The last account of the list is in the tree, with FullAWSAccess.
    const last = demo.simulator.world.organizations.get('o-exampleorgid')?.members.values().at(-1);
    const explained = await orgql('explain', '--account', last?.id ?? '', '--action', LEAVE, ...source);
    expect(explained.stdout).toContain(
      `SCP ${last?.id} (${last?.name}): ALLOWED\n  Allow by statement 1 of FullAWSAccess\n`,
    );
  });

  it('requests of many accounts are decided with the whole organization, page by page', async () => {
    await using demo = await startDemo({ simulator: { accounts: 450 }, config: { graph: { maxCalls: 100_000 } } });
    const members = demo.simulator.world.organizations.get('o-exampleorgid')?.members.values() ?? [];
    const accounts = [...members].map(({ id }) => id);
    const file = write('many.json', {
      vectors: accounts.map((account) => ({
        name: account,
        request: { account, action: LEAVE },
        decision: account === '111111111111' ? 'ALLOWED' : 'DENIED',
      })),
    });
    const { stdout } = await orgql('test', file, '--url', demo.url, '--principal', 'partner');
    expect(accounts.length).toBeGreaterThan(400);
    expect(stdout).toBe(`${accounts.length} passed, 0 failed\n`);
    expect(demo.simulator.control.requestCount('ListPoliciesForTarget')).toBe(0);
  });

  it('a request of one account reads its path only, and an invalid file reads nothing', async () => {
    await using demo = await startDemo();
    const source = ['--url', demo.url, '--principal', 'partner'];
    const requestCount = (
      operation?: 'ListAccounts' | 'ListPolicies' | 'ListTargetsForPolicy' | 'ListPoliciesForTarget',
    ) => demo.simulator.control.requestCount(operation);
    const before = requestCount();
    expect((await orgql('test', write('wrong.json', { vectors: [{}] }), ...source)).code).toBe(2);
    expect(requestCount()).toBe(before);
    expect((await orgql('explain', '--account', member, '--action', LEAVE, ...source)).code).toBe(0);
    for (const list of ['ListAccounts', 'ListPolicies', 'ListTargetsForPolicy'] as const)
      expect(requestCount(list)).toBe(0);
    expect(requestCount('ListPoliciesForTarget')).toBeGreaterThan(2);
  });

  it('a token is sent as its credential', async () => {
    const { authorization, settings } = apiKey({ principals: ['partner'] });
    const key = authorization.replace('Bearer ', '');
    await using demo = await startDemo({ config: { auth: { type: 'apiKeys', keys: [settings] } } });
    const source = ['--url', demo.url, '--principal', 'partner'];
    const denied = await orgql('test', demoVectors, ...source);
    expect(denied.stderr).toMatch(/^orgql: http:.*: The request has no credentials/);
    expect(denied.code).toBe(1);
    expect((await orgql('test', demoVectors, ...source, '--token', key)).stdout).toBe('3 passed, 0 failed\n');
    const fromEnvironment = await finishInProcess(['policies', 'test', demoVectors, ...source], { ORGQL_TOKEN: key });
    expect(fromEnvironment.stdout).toBe('3 passed, 0 failed\n');
  });

  it('an unknown principal, an organization that does not exist and a server that is no gateway are errors', async () => {
    await using demo = await startDemo();
    const url = ['--url', demo.url];
    expect((await orgql('test', demoVectors, ...url, '--principal', 'nobody')).stderr).toMatch(
      /^orgql: http:\S+: .*nobody/,
    );
    const standalone = await orgql('test', demoVectors, ...url, '--principal', 'standalone');
    expect(standalone).toMatchObject({ code: 1, stderr: `orgql: ${demo.url}: the principal is in no organization\n` });
    const server = createServer((_, response) => response.writeHead(502).end('<html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await orgql('test', demoVectors, '--url', other)).stderr).toBe(
      `orgql: ${other} responds with status 502, and no data\n`,
    );
    expect((await orgql('test', demoVectors, '--url', 'http://127.0.0.1:1')).stderr).toMatch(
      /^orgql: http:\S+ does not respond: /,
    );
  });
});

test('--organization and explain read AWS with the default credentials', async () => {
  await using simulator = await startSimulator();
  const environment = {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: '111111111111',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
  const tested = await finishInProcess(['policies', 'test', demoVectors, '--organization'], environment);
  expect(tested).toEqual({ code: 0, stdout: '3 passed, 0 failed\n', stderr: '' });
  const args = ['policies', 'explain', '--account', member, '--action', LEAVE];
  expect((await finishInProcess(args, environment)).stdout).toMatch(/\nDENIED by Sid Denyleavingtheorganization of /);
});

test('the settings file of --config may add services that support RCPs', async () => {
  await using simulator = await startSimulator({ seed });
  const run = (services: string) => {
    const file = write('settings.yaml', `graph: { additionalRcpServices: [${services}] }`);
    const args = ['explain', '--account', MEMBER, '--action', 'newservice:GetData', '--config', file];
    return finishInProcess(['policies', ...args], {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: PAYER,
      AWS_SECRET_ACCESS_KEY: 'any',
    });
  };
  const unsupported = 'RCPs do not restrict the request: UNSUPPORTED_SERVICE';
  expect((await run('')).stdout).toContain(unsupported);
  const { code, stdout } = await run('newservice');
  expect(stdout).not.toContain(unsupported);
  expect(code).toBe(0);
});

describe('orgql policies explain', () => {
  const condition = {
    StringEquals: { 'aws:SourceVpc': 'vpc-1' },
    'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b'] },
  };
  const file = write('explain.json', {
    ...organization,
    tree: { ...organization.tree, children: [{ id: '222222222222' }, { id: '333333333333' }] },
    policies: { deny: { document: { ...deny, Statement: { ...deny.Statement, Condition: condition } } } },
    attachments: { ...organization.attachments, '333333333333': [] },
  });
  const explain = (...args: readonly string[]) => orgql('explain', '--file', file, '--action', 's3:GetObject', ...args);
  const lastLine = async (...args: readonly string[]) => (await explain(...args)).stdout.trimEnd().split('\n').at(-1);

  it.for([
    [
      ['--account', '222222222222'],
      'DEPENDS: add --context aws:SourceVpc=VALUE --context aws:TagKeys=VALUE, or --absent KEY',
    ],
    [
      [
        '--account',
        '222222222222',
        '--context',
        'aws:SourceVpc=vpc-1',
        '--context',
        'aws:TagKeys=a',
        '--context',
        'aws:TagKeys=b',
      ],
      'DENIED by Sid No of deny at r-test',
    ],
    [
      ['--account', '222222222222', '--context', 'aws:TagKeys=b', '--absent', 'aws:SourceVpc'],
      'ALLOWED: no control policy denies the request. Control policies grant nothing.',
    ],
    [['--account', '333333333333', '--absent', 'aws:TagKeys'], 'DENIED: no SCP at 333333333333 allows the request'],
    [
      ['--account', '222222222222', '--caller-kind', 'SERVICE'],
      'ALLOWED: no control policy denies the request. Control policies grant nothing.',
    ],
  ] as const)('%j: %s', async ([args, expected]) => {
    expect(await lastLine(...args)).toBe(expected);
  });

  it.for([
    ['no account', [], "required option '--account <id>' not specified"],
    ['an account that is none', ['--account', '1'], "'1' is invalid. Expected the 12 digits of an account id"],
    [
      'an account outside',
      ['--account', '999999999999'],
      '--account: 999999999999 is not an account of the organization',
    ],
    [
      'a context without a value',
      ['--account', '222222222222', '--context', 'x'],
      "'x' is invalid. Expected key=value, such as",
    ],
    [
      'an unknown kind',
      ['--account', '222222222222', '--caller-kind', 'GROUP'],
      'Allowed choices are ROLE, USER, ROOT',
    ],
    [
      'a file and a URL',
      ['--account', '222222222222', '--url', 'http://127.0.0.1:1'],
      '--url: has no effect with --file',
    ],
    [
      'a resource without text',
      ['--account', '222222222222', '--resource', ''],
      '--resource: expected text of 1 to 2048',
    ],
  ] as const)('%s ends with exit code 2 and a message', async ([, args, message]) => {
    const { code, stdout, stderr } = await explain(...args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('orgql policies lint', () => {
  it('prints errors and warnings with their places, and statistics', async () => {
    const file = write(
      'lint/scp.json',
      `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": { "StringIs": { "aws:x": "\${aws:PrincipalTag/team}" } } },
    { "Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*", "Condition": { "StringLike": { "aws:PrincipalTag/a": "*", "aws:RequestTag/b": "x" } } }
  ]
}`,
    );
    const rcp = write('lint/deep/rcp.json', { ...deny, Statement: { ...deny.Statement, Principal: '*' } });
    const broken = write('lint/deep/broken.json', '{ "Statement": ');
    write('lint/package.json', { name: 'x' });
    const { code, stdout, stderr } = await orgql('lint', join(folder, 'lint'));
    expect(stdout).toContain(`${file}:4:`);
    expect(stdout).toMatch(/scp\.json:4:\d+: error UNKNOWN_OPERATOR: Statement\[0\]\.Condition\.StringIs: /);
    expect(stdout).toMatch(/broken\.json:1:\d+: error INVALID_JSON: expected a JSON value/);
    expect(stdout).not.toContain(`${rcp}:`);
    expect(stdout).toContain(`${broken}:`);
    expect(stdout).toContain(
      [
        'types: RESOURCE_CONTROL_POLICY 1, SERVICE_CONTROL_POLICY 1',
        'elements: Effect Deny 3, Resource 3, Action 2, Condition 2, NotAction 1, Principal 1',
        'operators: StringIs 1, StringLike 1',
        'keys: aws:PrincipalTag/… 1, aws:RequestTag/… 1, aws:x 1',
        'variables: aws:PrincipalTag/… 1',
        '3 policies, 2 errors, 0 warnings, 1 other JSON file skipped\n',
      ].join('\n'),
    );
    expect([code, stderr]).toEqual([1, '']);
  });

  it('skips resource-based policies with a line, but reports the principal of an RCP that is not "*"', async () => {
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['ec2.amazonaws.com'] } };
    const skipped = [
      write('others/trust.json', { Version: '2012-10-17', Statement: [trust] }),
      write('others/bucket.json', { ...deny, Statement: { ...deny.Statement, NotPrincipal: { AWS: '111111111111' } } }),
    ];
    const rcp = write('others/rcp.json', { ...deny, Statement: { ...deny.Statement, Principal: { AWS: '*' } } });
    const { code, stdout } = await orgql('lint', join(folder, 'others'));
    for (const file of skipped)
      expect(stdout).toContain(`${file}: skipped: a resource-based policy, as its principals are not "*"\n`);
    expect(stdout).toContain(`${rcp}:`);
    expect(stdout).toContain('types: RESOURCE_CONTROL_POLICY 1\n');
    expect(stdout).toMatch(/\n1 policy, \d+ errors?, 0 warnings, 2 other JSON files skipped\n$/);
    expect(code).toBe(1);
  });

  it('a folder without policies is a mistake', async () => {
    const { code, stderr } = await orgql('lint', dirname(write('nothing/package.json', {})));
    expect(stderr).toMatch(/nothing: no policies found; expected JSON files with a Statement\n$/);
    expect(code).toBe(2);
  });
});

test.for([[], ['test'], ['explain'], ['lint']])('orgql policies %s --help lists what it does', async (command) => {
  const { code, stdout } = await orgql(...command, '--help');
  expect(stdout).toMatch(new RegExp(`^Usage: orgql policies ${command.join(' ')}`));
  expect(code).toBe(0);
});

test('orgql policies without a command names the commands', async () => {
  const { code, stderr } = await orgql();
  expect(stderr).toBe(
    'orgql: a command is missing; expected policies test, policies explain or policies lint, see orgql policies --help\n',
  );
  expect(code).toBe(2);
  expect((await orgql('tset', 'x')).stderr).toBe(
    "orgql: unknown command 'tset' (Did you mean test?); see orgql --help\n",
  );
});
