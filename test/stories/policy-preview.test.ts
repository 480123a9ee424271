import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

let demo: Demo;
let root: string;
/** Two units with accounts. */
let units: readonly string[];
let accounts: readonly { readonly id: string; readonly parent: { readonly id: string } }[];

beforeAll(async () => {
  demo = await startDemo({ config: { inventory: [{ principal: 'partner', maxAgeMs: 600_000, budgetShare: 0.8 }] } });
  await vi.waitFor(
    async () => {
      const { body } = await ask('{ organization { inventory { state } } }');
      expect(body.data.organization.inventory.state).toBe('READY');
    },
    { timeout: 60_000, interval: 200 },
  );
  const query = '{ organization { root { id } accounts(first: 1000) { nodes { id parent { id } } } } }';
  const { organization } = (await ask(query)).body.data;
  root = organization.root.id;
  accounts = organization.accounts.nodes;
  units = [...new Set(accounts.map(({ parent }) => parent.id))].filter((id) => id.startsWith('ou-'));
}, 70_000);
afterAll(() => demo.close());

const COPY = { maxAge: 600 };

// biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its result.
async function ask(query: string, variables?: object, orgql: object | undefined = COPY): Promise<{ body: any }> {
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables, ...(orgql && { extensions: { orgql } }) }),
  });
  return { body: await response.json() };
}

const LIVE = { noCache: true };
const levelFields = '{ target { id } policies { id } deniedActions }';
const sides =
  'gained { policy { id } target { id } } lost { policy { id } target { id } } kept { policy { id } target { id } }';
const previewQuery = `query ($changes: [PolicyChangeInput!]!, $first: Int = 1000, $after: String) { organization {
  policyPreview(changes: $changes) { accounts(first: $first, after: $after) {
    totalCount nodes { account { id } ${sides} } pageInfo { endCursor hasNextPage } } } } }`;

interface Change {
  readonly attach?: { readonly policyId: string; readonly targetId: string };
  readonly detach?: { readonly policyId: string; readonly targetId: string };
  readonly updateContent?: { readonly policyId: string; readonly content: string };
  readonly moveAccount?: { readonly accountId: string; readonly destinationParentId: string };
}

type Pair = { readonly policy: { readonly id: string }; readonly target: { readonly id: string } };
type Node = { readonly account: { readonly id: string } } & Readonly<
  Record<'gained' | 'lost' | 'kept', readonly Pair[]>
>;

const texts = (pairs: readonly Pair[]) => pairs.map(({ policy, target }) => `${policy.id} at ${target.id}`).sort();

const pageQuery = previewQuery.replace(sides, '');

async function preview(changes: readonly Change[], orgql: object = COPY) {
  const { body } = await ask(previewQuery, { changes }, orgql);
  expect(body.errors).toBeUndefined();
  const { nodes, totalCount } = body.data.organization.policyPreview.accounts;
  expect(totalCount).toBe(nodes.length);
  const byId = Object.fromEntries(
    (nodes as readonly Node[]).map(({ account, gained, lost, kept }) => [
      account.id,
      { gained: texts(gained), lost: texts(lost), kept: texts(kept) },
    ]),
  );
  return { byId, calls: body.extensions.upstream.calls as number };
}

const write = (
  field: string,
) => `__typename ... on Error { code message } ... on InvalidInputException { invalid: reason }
  ${field === 'moveAccount' ? '' : '... on ConstraintViolationException { reason }'}`;

/** Makes a change through the gateway, as its mutation. */
async function make({ attach, detach, updateContent, moveAccount }: Change) {
  const [field, input] = attach
    ? ['attachPolicy', attach]
    : detach
      ? ['detachPolicy', detach]
      : updateContent
        ? ['updatePolicy', updateContent]
        : ['moveAccount', { ...moveAccount, sourceParentId: parentOf(moveAccount?.accountId) }];
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const { body } = await ask(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${write(field)} } }`,
    { input },
    undefined,
  );
  expect(body.errors).toBeUndefined();
  const { invalid, ...result } = body.data[field];
  return invalid === undefined ? result : { ...result, reason: invalid };
}

const parentOf = (id = '') => accounts.find((account) => account.id === id)?.parent.id ?? root;

const deny = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] });

let created = 0;
async function createPolicy(type = 'SERVICE_CONTROL_POLICY', content = deny('s3:DeleteBucket')): Promise<string> {
  created += 1;
  const input = { name: `preview ${created}`, description: '', type, content };
  const mutation = `mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) {
    ... on CreatePolicyPayload { policy { id } } ... on Error { code message } } }`;
  const { body } = await ask(mutation, { input }, undefined);
  return body.data.createPolicy.policy.id;
}

/** The policies at all levels of each account, of all enabled types. */
async function allLevels() {
  const types: readonly string[] = (await ask('{ root { policyTypes { type } } }')).body.data.root.policyTypes.map(
    ({ type }: { readonly type: string }) => type,
  );
  const fields = types
    .map((type) => `${type}: policyLevels(type: ${type}) { target { id } policies { id } }`)
    .join(' ');
  const { body } = await ask(`{ organization { accounts(first: 1000) { nodes { id ${fields} } } } }`);
  expect(body.errors).toBeUndefined();
  expect(body.extensions.upstream.calls).toBe(0);
  const levels = new Map<string, readonly string[]>();
  for (const { id, ...byType } of body.data.organization.accounts.nodes)
    levels.set(
      id,
      (Object.values(byType) as { target: { id: string }; policies: { id: string }[] }[][])
        .flat()
        .flatMap(({ target, policies }) => policies.map((policy) => `${policy.id} at ${target.id}`))
        .sort(),
    );
  return levels;
}

/** Reads the tree, the policies and the attachments again. */
async function sweep(): Promise<void> {
  const lists = ['accounts', 'organizationalUnits', 'policies', 'policyAttachments'];
  const counts = () =>
    (['ListAccounts', 'ListOrganizationalUnitsForParent', 'ListPolicies', 'ListTargetsForPolicy'] as const).map(
      (operation) => demo.simulator.control.requestCount(operation),
    );
  const before = counts();
  const refresh = 'mutation ($lists: [String!]) { refreshInventory(input: { lists: $lists }) { calls } }';
  expect((await ask(refresh, { lists }, undefined)).body.errors).toBeUndefined();
  const isSwept = async () => {
    const { body } = await ask('{ organization { inventory { lists { name progress } } } }');
    const known = body.data.organization.inventory.lists as { readonly name: string; readonly progress: number }[];
    const isDone = known.every(({ name, progress }) => !lists.includes(name) || progress === 1);
    return isDone && counts().every((count, index) => count > (before[index] ?? 0));
  };
  await expect.poll(isSwept).toBe(true);
}

describe('levels and reach', () => {
  test('the levels of an account are the same from the copy, without a call, as from AWS', async () => {
    const id = accounts.find(({ parent }) => parent.id !== root)?.id;
    const query = `{ account(id: "${id}") { ancestors { id } policyLevels(type: SERVICE_CONTROL_POLICY) ${levelFields} } }`;
    const [copied, live] = [await ask(query), await ask(query, undefined, LIVE)];
    expect(copied.body.extensions.upstream.calls).toBe(0);
    expect(live.body.extensions.upstream.calls).toBeGreaterThan(2);
    const { ancestors, policyLevels } = copied.body.data.account;
    expect(policyLevels.map(({ target }: Pair) => target.id)).toEqual([
      ...ancestors.map((one: { id: string }) => one.id),
      id,
    ]);
    const sorted = (levels: readonly { policies: { id: string }[] }[]) =>
      levels.map((level) => ({ ...level, policies: level.policies.map((one) => one.id).sort() }));
    expect(sorted(policyLevels)).toEqual(sorted(live.body.data.account.policyLevels));
  });

  test('a level shows what its own policies deny', async () => {
    const policyId = await createPolicy('SERVICE_CONTROL_POLICY', deny('ec2:Run*'));
    const [targetId = ''] = units;
    await make({ attach: { policyId, targetId } });
    const query = `{ organizationalUnit(id: "${targetId}") { policyLevels(type: SERVICE_CONTROL_POLICY) ${levelFields} } }`;
    for (const orgql of [COPY, LIVE]) {
      const { body } = await ask(query, undefined, orgql);
      const { policyLevels } = body.data.organizationalUnit;
      expect(policyLevels.at(-1).deniedActions).toContain('ec2:Run*');
      expect(policyLevels[0].deniedActions).not.toContain('ec2:Run*');
    }
    await make({ detach: { policyId, targetId } });
  });

  test('a policy reaches the accounts of its targets and below them', async () => {
    const policyId = await createPolicy();
    const [targetId = ''] = units;
    const outside = accounts.find(({ parent }) => parent.id === units[1])?.id ?? '';
    await make({ attach: { policyId, targetId } });
    await make({ attach: { policyId, targetId: outside } });
    const query = `query ($after: String) { policy(id: "${policyId}") {
      reachedAccounts(first: 1000, after: $after) { totalCount nodes { id } } } }`;
    const expected = accounts.filter(({ id, parent }) => id === outside || parent.id === targetId).map(({ id }) => id);
    const under = (
      await ask(`{ organization { accounts(first: 1000, filter: { under: "${targetId}" }) { nodes { id } } } }`)
    ).body;
    const all = [
      ...new Set([...expected, ...under.data.organization.accounts.nodes.map((one: { id: string }) => one.id)]),
    ];
    for (const orgql of [COPY, LIVE]) {
      const { body } = await ask(query, undefined, orgql);
      expect(body.data.policy.reachedAccounts.nodes.map((one: { id: string }) => one.id)).toEqual(all.sort());
      expect(body.data.policy.reachedAccounts.totalCount).toBe(all.length);
    }
  });
});

describe('a preview', () => {
  test('is what the writes then do, without a call, and AWS has the same one', async () => {
    const [first, second] = [await createPolicy(), await createPolicy('SERVICE_CONTROL_POLICY', deny('iam:*'))];
    const [unit = '', other = ''] = units;
    const moved = accounts.find(({ parent }) => parent.id === unit)?.id ?? '';
    await make({ attach: { policyId: first, targetId: unit } });
    const changes: readonly Change[] = [
      { attach: { policyId: second, targetId: other } },
      { detach: { policyId: first, targetId: unit } },
      { moveAccount: { accountId: moved, destinationParentId: other } },
      { attach: { policyId: first, targetId: moved } },
    ];
    const before = await allLevels();
    const { byId, calls } = await preview(changes);
    expect(calls).toBe(0);
    expect((await preview(changes, LIVE)).byId).toEqual(byId);
    expect(await allLevels()).toEqual(before);
    for (const change of changes) expect(await make(change)).not.toHaveProperty('code');
    const after = await allLevels();
    await sweep();
    expect(await allLevels()).toEqual(after);
    for (const [id, old] of before) {
      const next = after.get(id) ?? [];
      const gained = next.filter((pair) => !old.includes(pair));
      const lost = old.filter((pair) => !next.includes(pair));
      const kept = next.filter((pair) => old.includes(pair));
      if (gained.length + lost.length === 0) expect(byId).not.toHaveProperty(id);
      else expect(byId[id]).toEqual({ gained, lost, kept });
    }
    expect(Object.keys(byId).length).toBeGreaterThan(1);
  });

  test('of a new text finds the accounts that the policy reaches, and keeps the policy', async () => {
    const policyId = await createPolicy();
    const [targetId = ''] = units;
    await make({ attach: { policyId, targetId } });
    const changes = [{ updateContent: { policyId, content: deny('sns:*') } }];
    const { byId, calls } = await preview(changes);
    expect(calls).toBe(0);
    expect(Object.keys(byId).length).toBeGreaterThan(0);
    for (const { gained, lost, kept } of Object.values(byId)) {
      expect([...gained, ...lost]).toEqual([]);
      expect(kept).toContain(`${policyId} at ${targetId}`);
    }
    expect((await preview(changes, LIVE)).byId).toEqual(byId);
    expect((await preview([{ updateContent: { policyId, content: deny('s3:DeleteBucket') } }])).byId).toEqual({});
  });

  test('continues behind a cursor, in the copy and in what AWS returns', async () => {
    const policyId = await createPolicy();
    const changes = [{ attach: { policyId, targetId: root } }];
    for (const orgql of [COPY, LIVE]) {
      const found: string[] = [];
      for (let after: string | null = null, isLast = false; !isLast; ) {
        const { body } = await ask(pageQuery, { changes, first: 40, after }, orgql);
        expect(body.errors).toBeUndefined();
        const { nodes, pageInfo, totalCount } = body.data.organization.policyPreview.accounts;
        expect(totalCount).toBe(accounts.length);
        found.push(...nodes.map(({ account }: Node) => account.id));
        after = pageInfo.endCursor;
        isLast = !pageInfo.hasNextPage;
      }
      expect(found).toEqual(accounts.map(({ id }) => id).sort());
    }
  });
});

describe('the estimate', () => {
  async function estimated(changes: readonly Change[], orgql: object, first = 20): Promise<number> {
    const { body } = await ask(previewQuery, { changes, first }, { ...orgql, estimate: true });
    return body.extensions.upstream.estimate.calls;
  }

  test('is no call for what the copy has, and otherwise counts what a preview reads from AWS', async () => {
    const policyId = 'p-FullAWSAccess';
    const [unit = ''] = units;
    const accountId = accounts[0]?.id ?? '';
    const ofRoot = [{ attach: { policyId, targetId: root } }];
    const ofAccount = [{ attach: { policyId, targetId: accountId } }];
    const move = [{ moveAccount: { accountId, destinationParentId: unit } }];
    for (const changes of [ofRoot, ofAccount, move]) expect(await estimated(changes, COPY)).toBe(0);
    expect(await estimated([{ attach: { policyId: 'p-unknown000', targetId: root } }], COPY)).toBe(1);
    const allAccounts = 1_000 / 20;
    expect((await estimated(ofRoot, LIVE)) - (await estimated(ofAccount, LIVE))).toBeGreaterThanOrEqual(
      allAccounts - 1,
    );
    expect(await estimated(ofRoot, LIVE, 40)).toBeGreaterThan((await estimated(ofRoot, LIVE, 20)) + 20);
    // Above the default of graph.maxCalls.
    expect(await estimated(ofRoot, LIVE, 1_000)).toBeGreaterThan(10_000);
  });
});

describe('a change that AWS rejects', () => {
  const unknown = { policy: 'p-unknown000', unit: 'ou-exmp-00000000', account: '999999999999' };

  /** The error of the preview, of the last change. */
  async function rejection(changes: readonly Change[], orgql: object = COPY) {
    const { body } = await ask(previewQuery, { changes }, orgql);
    const [error] = body.errors;
    return error;
  }

  async function expectSame(change: Change, code: string, reason?: string) {
    for (const orgql of [COPY, LIVE]) {
      const { extensions, message } = await rejection([change], orgql);
      expect(extensions).toMatchObject({ code, reason: reason ?? null, change: 0 });
      expect(message).toContain(`changes[0].${Object.keys(change)[0]}: `);
    }
    const written = await make(change);
    expect({ code: written.code, reason: written.reason }).toEqual({ code, reason });
  }

  test('is an error with the code and reason of the write', async () => {
    const [unit = '', other = ''] = units;
    const [scp, rcp, free] = [await createPolicy(), 'p-RCPFullAWSAccess', await createPolicy()];
    const accountId = accounts.find(({ parent }) => parent.id === other)?.id ?? '';
    const lonely = accounts.find(({ parent }) => parent.id === root)?.id ?? accountId;
    await make({ attach: { policyId: scp, targetId: unit } });
    const { policyTypes } = (await ask('{ root { policyTypes { type } } }')).body.data.root;
    const enabled = policyTypes.map(({ type }: { readonly type: string }) => type);
    await expectSame({ attach: { policyId: scp, targetId: unit } }, 'DuplicatePolicyAttachmentException');
    await expectSame({ attach: { policyId: unknown.policy, targetId: unit } }, 'PolicyNotFoundException');
    await expectSame({ attach: { policyId: scp, targetId: unknown.unit } }, 'TargetNotFoundException');
    await expectSame({ attach: { policyId: scp, targetId: unknown.account } }, 'TargetNotFoundException');
    await expectSame({ detach: { policyId: free, targetId: unit } }, 'PolicyNotAttachedException');
    await expectSame(
      { detach: { policyId: 'p-FullAWSAccess', targetId: lonely } },
      'ConstraintViolationException',
      'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    );
    if (enabled.includes('RESOURCE_CONTROL_POLICY'))
      await expectSame({ detach: { policyId: rcp, targetId: unit } }, 'InvalidInputException', 'NON_DETACHABLE_POLICY');
    const disabled = ['S3_POLICY', 'BEDROCK_POLICY', 'CHATBOT_POLICY'].find((type) => !enabled.includes(type));
    if (disabled === 'S3_POLICY') {
      const content = '{"s3_attributes":{"public_access_block_configuration":{"@@assign":"all"}}}';
      const policyId = await createPolicy(disabled, content);
      await expectSame({ attach: { policyId, targetId: unit } }, 'PolicyTypeNotEnabledException');
    }
    await expectSame({ updateContent: { policyId: scp, content: '{' } }, 'MalformedPolicyDocumentException');
    await expectSame(
      { updateContent: { policyId: scp, content: '{"Version":"2012-10-17"}' } },
      'MalformedPolicyDocumentException',
    );
    const large = deny('s3:DeleteBucket').padEnd(20_000);
    await expectSame(
      { updateContent: { policyId: scp, content: large } },
      'ConstraintViolationException',
      'POLICY_CONTENT_LIMIT_EXCEEDED',
    );
    await expectSame(
      { updateContent: { policyId: 'p-FullAWSAccess', content: deny('s3:*') } },
      'InvalidInputException',
      'IMMUTABLE_POLICY',
    );
    await expectSame({ moveAccount: { accountId, destinationParentId: other } }, 'DuplicateAccountException');
    await expectSame(
      { moveAccount: { accountId, destinationParentId: unknown.unit } },
      'DestinationParentNotFoundException',
    );
    await expectSame(
      { moveAccount: { accountId: unknown.account, destinationParentId: unit } },
      'AccountNotFoundException',
    );
  });

  test('by a quota counts the changes before it', async () => {
    const [, targetId = ''] = units;
    const policies = await Promise.all(Array.from({ length: 11 }, () => createPolicy()));
    const changes = policies.map((policyId) => ({ attach: { policyId, targetId } }));
    const { extensions } = await rejection(changes);
    expect(extensions).toMatchObject({
      code: 'ConstraintViolationException',
      reason: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
      operation: 'AttachPolicy',
    });
    for (const change of changes.slice(0, extensions.change)) expect(await make(change)).not.toHaveProperty('code');
    expect(await make(changes[extensions.change] ?? {})).toMatchObject({ reason: extensions.reason });
  });

  test.each([
    ['no change', [], 'changes: the list is empty'],
    [
      'two members',
      [
        {
          attach: { policyId: 'p-12345678', targetId: 'r-abcd' },
          detach: { policyId: 'p-12345678', targetId: 'r-abcd' },
        },
      ],
      'changes[0]: give exactly one',
    ],
    ['no member', [{}], 'changes[0]: give exactly one'],
    [
      'a policy id of another type',
      [{ attach: { policyId: 'r-abcd', targetId: 'r-abcd' } }],
      'changes[0].attach.policyId',
    ],
    [
      'a target of another type',
      [{ attach: { policyId: 'p-12345678', targetId: 'p-12345678' } }],
      'changes[0].attach.targetId',
    ],
    ['an empty text', [{ updateContent: { policyId: 'p-12345678', content: '' } }], 'changes[0].updateContent.content'],
    [
      'a destination of another type',
      [{ moveAccount: { accountId: '111111111111', destinationParentId: '111111111111' } }],
      'changes[0].moveAccount.destinationParentId',
    ],
    [
      'too many',
      Array.from({ length: 101 }, () => ({ attach: { policyId: 'p-12345678', targetId: 'r-abcd' } })),
      '101 values are above the maximum of 100',
    ],
  ])('is refused as input: %s', async (_case, changes, text) => {
    const { extensions, message } = await rejection(changes);
    expect(extensions.code).toBe('BAD_USER_INPUT');
    expect(message).toContain(text);
  });
});
