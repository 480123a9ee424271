import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/simulator/index.ts';
import { UpstreamError } from '../../src/upstream/index.ts';
import { letTimeOut } from '../support/hanging-calls.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type ScriptedAws, startScriptedAws } from '../support/scripted-aws.ts';
import { emulated, startUpstream, type UpstreamWorld } from '../support/upstream.ts';

async function failure(work: Promise<unknown>): Promise<UpstreamError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamError) return error;
  throw error;
}

describe('a failed call', () => {
  let world: UpstreamWorld;
  /** An upstream whose calls time out when the test advances its clock. */
  let withTimeouts: UpstreamWorld;
  const clock = new ManualClock();
  const callTimeoutMs = 100;
  beforeAll(async () => {
    world = await startUpstream({ random: () => 0 });
    await world.session().write('CreateOrganization', {});
    withTimeouts = await startUpstream({ clock, upstream: { callTimeoutMs }, random: () => 0 });
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await withTimeouts[Symbol.asyncDispose]();
  });

  const worldFor = ({ kind }: Failure) => (kind === 'hang' ? withTimeouts : world);
  const failed = async (what: Failure) => {
    const { simulator, session } = worldFor(what);
    simulator.control.setFaults({ failures: [{ failure: what }] });
    const failing = failure(session().read('ListRoots', {}));
    if (what.kind === 'hang') await letTimeOut(simulator, clock, callTimeoutMs, 4);
    return failing.finally(() => simulator.control.clearFaults());
  };
  const failedWrite = async (what: Failure) => {
    const { simulator, session } = worldFor(what);
    simulator.control.setFaults({ failures: [{ failure: what }] });
    const failing = failure(session().write('DeleteOrganization', {}));
    if (what.kind === 'hang') await letTimeOut(simulator, clock, callTimeoutMs, 1);
    return failing.finally(() => simulator.control.clearFaults());
  };

  it("has an AWS exception's name, message, reason and request id", async () => {
    const error = await failure(world.session().read('DescribeAccount', { AccountId: 'not-an-id' }));
    expect(error).toMatchObject({ code: 'InvalidInputException', operation: 'DescribeAccount', retryable: false });
    expect(error.reason).toBeTypeOf('string');
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.message.length).toBeGreaterThan(10);
  });

  it.each<[string, Failure, Partial<UpstreamError>, RegExp]>([
    [
      'an internal error of AWS',
      { kind: 'error', error: 'ServiceException', message: 'Something broke.' },
      { code: 'ServiceException', retryable: true },
      /^Something broke\.$/,
    ],
    [
      'a page of a load balancer',
      { kind: 'status', status: 503 },
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
      /^Not AWS Organizations, but something on the way to it, such as a load balancer or proxy, answered ListRoots at \S+: HTTP 503, text\/html\. Try again/,
    ],
    [
      'a reset connection',
      { kind: 'reset' },
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
      /broke before ListRoots was answered/,
    ],
    [
      'half an answer',
      { kind: 'truncate' },
      { code: 'UPSTREAM_BAD_RESPONSE', retryable: true },
      /ListRoots.*(broke off|did not speak)/,
    ],
    [
      'no answer in time',
      { kind: 'hang' },
      { code: 'UPSTREAM_TIMEOUT', retryable: true },
      /did not answer ListRoots within 0\.1 s/,
    ],
  ])('tells %s from all else', async (_name, what, expected, message) => {
    const error = await failed(what);
    expect(error).toMatchObject({ operation: 'ListRoots', ...expected });
    expect(error.message).toMatch(message);
    if (what.kind !== 'error') expect(error.message).toContain(`at ${new URL(worldFor(what).simulator.url).host}`);
  });

  it.each([
    ['ServiceUnavailableException', 503, 'Please try again later.'],
    ['InternalFailure', 500, undefined],
    ['InternalServerException', 400, 'Retry the request.'],
    ['InternalFailure', 500, 'Something broke.'],
  ])('does not advise to repeat a write that AWS may have carried out: %s, %i, %s', async (name, status, message) => {
    await using aws = await startScriptedAws();
    void aws.next().then((request) => request.reply({ __type: name, message }, status));
    await using other = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const error = await failure(other.session().write('LeaveOrganization', {}));
    expect(error).toMatchObject({ code: name, retryable: false });
    expect(error.message).toMatch(/AWS may have carried it out: look at the present state before trying again\.$/);
    expect(error.message).not.toMatch(/try again later|retry the/i);
    expect(error.message.startsWith('Something broke.')).toBe(message === 'Something broke.');
  });

  it.each(['UnrecognizedClientException', 'ExpiredTokenException', 'InvalidSignatureException'])(
    "says that AWS refused the credentials (%s) without AWS's message, which quotes the signed request",
    async (name) => {
      const secret = 'x-amz-security-token:secret';
      await using aws = await startScriptedAws();
      void aws
        .next()
        .then((request) => request.reply({ __type: name, message: `The canonical string is ${secret}` }, 400));
      await using other = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
      const error = await failure(other.session().read('ListRoots', {}));
      expect(error).toMatchObject({ code: 'UPSTREAM_CREDENTIALS', retryable: false });
      expect(error.message).toContain(`principal "partner" (${name})`);
      expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/secret|AWS4-HMAC-SHA256/);
    },
  );

  it.each([
    ['a web page', 200, '<html>Welcome</html>'],
    ['JSON that is no exception', 400, {}],
  ])('knows %s for something that is not AWS', async (_name, status, body) => {
    await using aws = await startScriptedAws();
    void answerAll(aws, status, body);
    await using other = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      random: () => 0,
    });
    const error = await failure(other.session().read('ListRoots', {}));
    expect(error).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', retryable: true });
    expect(error.message).toContain(
      `did not speak as AWS Organizations does (HTTP ${status}, application/x-amz-json-1.1)`,
    );
  });

  it.each([
    [502, ''],
    [503, { message: 'Service Unavailable' }],
    [504, 'upstream request timeout'],
  ])('knows HTTP %i with %j for the word of a proxy, that AWS is not to be had', async (status, body) => {
    await using aws = await startScriptedAws();
    void answerAll(aws, status, body);
    await using other = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      random: () => 0,
    });
    const session = other.session();
    expect(await failure(session.read('ListRoots', {}))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining(`HTTP ${status}, application/x-amz-json-1.1`),
      retryable: true,
    });
    expect(session.cost.calls).toBe(4);
  });

  it('is not retryable if it was a write that AWS may have carried out', async () => {
    for (const what of [
      { kind: 'reset', when: 'after' },
      { kind: 'truncate' },
      { kind: 'status', status: 503 },
      { kind: 'status', status: 404 },
      { kind: 'hang' },
    ] as const) {
      const error = await failedWrite(what);
      expect(error).toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/), retryable: false });
      expect(error.message).toContain('AWS may have carried it out');
      if (what.kind === 'reset' || what.kind === 'truncate') await world.session().write('CreateOrganization', {});
    }
  });

  it('tells you to check the state before retrying a write that AWS may have carried out', async () => {
    const ways = [
      { kind: 'truncate' },
      { kind: 'reset', when: 'after' },
      { kind: 'hang' },
      { kind: 'status', status: 503 },
    ] as const;
    for (const what of ways) {
      const { message, retryable } = await failedWrite(what);
      expect(retryable).toBe(false);
      expect(message).toContain('look at the present state before trying again');
      expect(message.replace('before trying again', '')).not.toMatch(/try again|trying again/i);
      if (what.kind === 'reset' || what.kind === 'truncate') await world.session().write('CreateOrganization', {});
      const read = await failed(what);
      expect(read.retryable).toBe(true);
      expect(read.message).not.toContain('look at the present state');
    }
  });

  it('at shutdown is retryable only if its write had not been sent', async () => {
    await using aws = await startScriptedAws();
    await using closing = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const writing = failure(closing.session().write('DeleteOrganization', {}));
    await aws.next();
    await closing.upstream.close();
    const sent = await writing;
    expect(sent).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: false });
    expect(sent.message).toBe(
      'The gateway is closing. AWS may have carried it out: look at the present state before trying again.',
    );
    const unsent = await failure(closing.session().write('DeleteOrganization', {}));
    expect(unsent).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  });

  it.each([200, 201, 202])('names the member that is wrong in a reply with HTTP %i', async (status) => {
    const accounts = [
      [{ JoinedTimestamp: '2026-01-01T00:00:00Z' }, 'Accounts[0].JoinedTimestamp is a string, expected a timestamp'],
      [{ JoinedTimestamp: true }, 'Accounts[0].JoinedTimestamp is a boolean, expected a timestamp'],
      [{ Paths: 'o-1/r-1' }, 'Accounts[0].Paths is a string, expected a list'],
      [{ Name: { first: 'a' } }, 'Accounts[0].Name is an object, expected a string'],
    ] as const;
    for (const [member, problem] of accounts) {
      await using aws = await startScriptedAws();
      void answerAll(aws, status, { Accounts: [{ Id: '111111111111', ...member }] });
      await using other = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
      const error = await failure(other.session().read('ListAccounts', {}));
      expect(error.code).toBe('UPSTREAM_BAD_RESPONSE');
      expect(error.message).toContain(problem);
    }
  });

  it('contains no part of the signed request, not even for the log', async () => {
    for (const what of [{ kind: 'truncate' }, { kind: 'reset' }, { kind: 'status', status: 500 }] as const) {
      expect(inspect(await failed(what), { depth: null, showHidden: true })).not.toMatch(
        /AWS4-HMAC-SHA256|authorization/,
      );
    }
    const refused = await failure(world.session().read('DescribeAccount', { AccountId: '999999999999' }));
    expect(inspect(refused, { depth: null, showHidden: true })).not.toMatch(/AWS4-HMAC-SHA256|authorization/);
  });

  it('names the endpoint that refuses connections, and what to check', async () => {
    const aws = await startScriptedAws();
    await aws[Symbol.asyncDispose]();
    await using other = await startUpstream({
      principals: [emulated('partner', '111111111111', aws.url)],
      random: () => 0,
    });
    const error = await failure(other.session().read('ListRoots', {}));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(error.message).toMatch(
      new RegExp(`at ${new URL(aws.url).host} \\(ECONNREFUSED\\)\\. Check .*AWS_ENDPOINT_URL_ORGANIZATIONS`),
    );
  });

  it('is not retried if an emulator does not implement the operation', async () => {
    await using aws = await startScriptedAws();
    await using other = await startUpstream({ principals: [emulated('partner', '111111111111', aws.url)] });
    const session = other.session();
    const reading = failure(session.read('ListRoots', {}));
    (await aws.next()).reply({ __type: 'InternalFailure', message: 'Not yet implemented' }, 501);
    expect(await reading).toMatchObject({ code: 'InternalFailure', retryable: false, message: 'Not yet implemented' });
    expect(session.cost.calls).toBe(1);
  });

  it('warns that AWS may have carried out a write whose reply is lost', async () => {
    for (const what of [{ kind: 'hang' }, { kind: 'reset', when: 'after' }, { kind: 'truncate' }] as const) {
      const error = await failedWrite(what);
      expect(error.message).toContain('AWS may have carried it out');
    }
  });
});

async function answerAll(aws: ScriptedAws, status: number, body: unknown): Promise<never> {
  for (;;) (await aws.next()).reply(body, status);
}
