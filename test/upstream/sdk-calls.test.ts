import * as sdk from '@aws-sdk/client-organizations';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/types';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationModel, operations } from '../../src/simulator/model/operations.ts';
import { Connections } from '../../src/upstream/connections.ts';
import { type OperationName, operationNames } from '../../src/upstream/index.ts';
import { SdkCalls } from '../../src/upstream/sdk-calls.ts';
import { Stop } from '../../src/upstream/stop.ts';
import { randomShape } from '../support/random-shape.ts';
import { type CannedReply, type RecordedAws, type RecordedRequest, startRecordedAws } from '../support/recorded-aws.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const common = { region: 'eu-west-1', maxAttempts: 1, customUserAgent: [['orgql', '1.2.3']] } satisfies ConfigInput;
type ConfigInput = sdk.OrganizationsClientConfig;

interface Outcome {
  readonly request: RecordedRequest;
  readonly output?: unknown;
  readonly error?: Error;
}

let aws: RecordedAws;
const connections = new Connections();
beforeAll(async () => {
  aws = await startRecordedAws();
});
afterAll(async () => {
  connections.destroy();
  await aws[Symbol.asyncDispose]();
});

const callsOf = (config: ConfigInput) =>
  new SdkCalls(
    new sdk.OrganizationsClient({ ...common, endpoint: aws.url, ...config, requestHandler: connections }),
    connections,
  );

async function outcome(call: () => Promise<unknown>): Promise<Outcome> {
  const result = await call().then(
    (output) => ({ output }),
    (error) => ({ error }),
  );
  const [request, ...more] = aws.requests.splice(0);
  if (request === undefined || more.length > 0)
    throw new Error(`it took ${more.length + 1} requests`, { cause: result });
  return { request, ...result };
}

/** What must be alike: all but the moment, and what follows from it. */
function sameRequest({ method, url, body, headers }: RecordedRequest) {
  const { authorization, 'x-amz-date': date, 'amz-sdk-invocation-id': id, ...rest } = headers;
  const [signedFor, signature] = String(authorization).split(', Signature=');
  return {
    method,
    url,
    body,
    headers: rest,
    signedFor,
    changing: [/^[0-9a-f]{64}$/.test(signature ?? ''), /^\d{8}T\d{6}Z$/.test(String(date)), String(id).length],
  };
}

/** How often it was tried is of no use to a client that tries once. */
function sameMetadata(metadata: object | undefined) {
  const known = Object.entries(metadata ?? {}).filter(
    ([name, value]) => value !== undefined && !['attempts', 'totalRetryDelay'].includes(name),
  );
  return Object.fromEntries(known);
}

function sameResult({ output, error }: Outcome) {
  const { $metadata, ...rest }: { $metadata?: object } = { ...(error ?? (output as object)) };
  return {
    ...rest,
    metadata: sameMetadata($metadata),
    ...(error && { type: error.constructor, name: error.name, message: error.message.split('\n')[0] }),
  };
}

const requestId = { 'x-amzn-requestid': '6b0b9b5c-0000-4000-8000-000000000000' };
const json = { 'content-type': 'application/x-amz-json-1.1', ...requestId };
const reply = (status: number, body: unknown, headers: CannedReply['headers'] = json): CannedReply => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const replyOf = (operation: OperationName): fc.Arbitrary<CannedReply> => {
  const { output, errors }: OperationModel = operations[operation];
  const answer = output === undefined ? fc.constant({}) : randomShape(output, (seconds) => seconds);
  return fc.oneof(
    { weight: 4, arbitrary: answer.map((body) => reply(200, body)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...errors),
          fc.record({ Message: fc.string(), Reason: fc.string() }, { requiredKeys: [] }),
        )
        .map(([name, members]) => reply(400, { __type: `com.amazonaws.organizations#${name}`, ...members })),
    },
    fc.constantFrom(
      reply(400, { __type: 'UnrecognizedClientException', message: 'no' }),
      reply(500, { message: 'failed' }, { ...json, 'x-amzn-errortype': 'InternalFailure:http://internal.amazon.com/' }),
      reply(400, {}),
      reply(503, '<html>busy</html>', { 'content-type': 'text/html' }),
      reply(200, '<html>Welcome</html>', { 'content-type': 'text/html', ...requestId }),
      reply(200, ''),
    ),
  );
};

describe("calls through the SDK's parts", () => {
  it.each(operationNames)('send and understand %s as its whole chain does', async (operation) => {
    const chain = new sdk.OrganizationsClient({ ...common, endpoint: aws.url, credentials: keys });
    const calls = callsOf({ credentials: keys });
    const { input }: OperationModel = operations[operation];
    const inputs = input === undefined ? fc.constant({}) : randomShape(input, (seconds) => new Date(seconds * 1_000));
    await fc.assert(
      fc.asyncProperty(inputs, replyOf(operation), async (given, canned) => {
        aws.reply = canned;
        const command = () => Reflect.construct(Reflect.get(sdk, `${operation}Command`), [given]);
        const theirs = await outcome(() => chain.send(command()));
        const ours = await outcome(() => calls.send(operation, given as sdk.ServiceInputTypes, new Stop()));
        expect(sameRequest(ours.request)).toEqual(sameRequest(theirs.request));
        expect(sameResult(ours)).toEqual(sameResult(theirs));
      }),
      { numRuns: 8 },
    );
    chain.destroy();
  });

  it.each<[string, ConfigInput]>([
    ['the partition aws', {}],
    ['the partition aws-cn', { region: 'cn-north-1' }],
    ['the partition aws-us-gov', { region: 'us-gov-east-1' }],
    ['an endpoint of FIPS', { useFipsEndpoint: true }],
    ['an endpoint of FIPS with IPv6', { useFipsEndpoint: true, useDualstackEndpoint: true }],
    ['an endpoint with IPv6', { useDualstackEndpoint: true }],
    ['an endpoint with a path and a query', { endpoint: 'https://[::1]:4566/organizations/v1?tenant=a%20b' }],
    ['keys that are not temporary', { credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } }],
    ["an application's id in the user agent", { userAgentAppId: 'app' }],
  ])('go where the whole chain goes, for %s', async (_name, config) => {
    const ask = async (call: (handler: Unconnected) => Promise<unknown>) => {
      const handler = new Unconnected();
      await call(handler);
      return handler.requests.map(({ protocol, hostname, port, path, query, headers, body }) => ({
        ...{ protocol, hostname, port, path, query },
        ...sameRequest({ method: 'POST', url: path, headers, body: new TextDecoder().decode(body) }),
      }));
    };
    const client = (requestHandler: Unconnected) =>
      new sdk.OrganizationsClient({ ...common, credentials: keys, ...config, requestHandler });
    const theirs = await ask((handler) => client(handler).send(new sdk.ListRootsCommand({ MaxResults: 1 })));
    const ours = await ask(async (handler) => {
      const calls = new SdkCalls(client(handler), handler);
      await calls.send('ListRoots', { MaxResults: 1 }, new Stop());
      await calls.send('ListRoots', { MaxResults: 1 }, new Stop());
    });
    expect(ours).toEqual([...theirs, ...theirs]);
  });

  it('walk the chain once, however many are made', async () => {
    aws.reply = reply(200, {});
    const client = new sdk.OrganizationsClient({ ...common, endpoint: aws.url, credentials: keys });
    let walked = 0;
    client.middlewareStack.add((next) => (args) => {
      walked += 1;
      return next(args);
    });
    const calls = new SdkCalls(client, connections);
    await Promise.all([1, 2, 3].map(() => calls.send('ListRoots', {}, new Stop())));
    await calls.send('DescribeAccount', { AccountId: '111111111111' }, new Stop());
    expect([walked, aws.requests.splice(0).length]).toEqual([1, 4]);
  });

  it('go through the chain where that makes requests of another kind', async () => {
    const client = new sdk.OrganizationsClient({
      ...common,
      endpoint: aws.url,
      credentials: keys,
      requestHandler: connections,
    });
    // The operation stands in another header until the request is signed.
    const move = (request: unknown, from: string, to: string) => {
      const { headers } = request as HttpRequest;
      headers[to] = headers[from] ?? '';
      delete headers[from];
    };
    client.middlewareStack.add(
      (next) => (args) => {
        move(args.request, 'x-amz-target', 'x-operation');
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    client.middlewareStack.add(
      (next) => (args) => {
        move(args.request, 'x-operation', 'x-amz-target');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'high' },
    );
    const calls = new SdkCalls(client, connections);
    aws.reply = reply(200, { Roots: [{ Name: 'Root' }] });
    for (let i = 0; i < 2; i += 1) {
      const { request, output } = await outcome(() => calls.send('ListRoots', {}, new Stop()));
      expect(request.headers['x-amz-target']).toBe('AWSOrganizationsV20161128.ListRoots');
      expect(output).toMatchObject({ Roots: [{ Name: 'Root' }] });
    }
    const stop = new Stop();
    stop.abort();
    await expect(calls.send('ListRoots', {}, stop)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('are signed with the credentials of the moment', async () => {
    let renewals = 0;
    const calls = callsOf({
      credentials: async () => {
        renewals += 1;
        return { ...keys, accessKeyId: `AKID${renewals}`, expiration: new Date() };
      },
    });
    aws.reply = reply(200, {});
    const signedFor = async () => {
      const { request } = await outcome(() => calls.send('ListRoots', {}, new Stop()));
      return /Credential=(\w+)/.exec(String(request.headers.authorization))?.[1];
    };
    const first = await signedFor();
    expect(await signedFor()).not.toBe(first);
  });

  it.each([
    ['an answer', 200, {}],
    ['a refusal', 400, { __type: 'InvalidSignatureException' }],
  ])("are dated by AWS's clock, once %s has told it", async (_name, status, body) => {
    const calls = callsOf({ credentials: keys });
    const ahead = 3_600_000;
    aws.reply = reply(status, body, { ...json, date: new Date(Date.now() + ahead).toUTCString() });
    const { error } = await outcome(() => calls.send('ListRoots', {}, new Stop()));
    if (status !== 200) expect(error).toMatchObject({ $metadata: { clockSkewCorrected: true } });
    const { request } = await outcome(() => calls.send('ListRoots', {}, new Stop()));
    const [, date = '', time = ''] =
      /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/.exec(
        String(request.headers['x-amz-date']).replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'),
      ) ?? [];
    const offset = Date.parse(`${date}T${time}Z`) - Date.now();
    expect(Math.round(offset / 60_000)).toBe(60);
  });

  it('try again to learn from the chain what it could not tell', async () => {
    let asked = 0;
    const calls = callsOf({
      credentials: async () => {
        asked += 1;
        if (asked === 1) throw new Error('not yet');
        return keys;
      },
    });
    aws.reply = reply(200, {});
    await expect(calls.send('ListRoots', {}, new Stop())).rejects.toThrow('not yet');
    await expect(outcome(() => calls.send('ListRoots', {}, new Stop()))).resolves.toHaveProperty('output');
  });
});

/** Connections to an AWS that has nothing to say. */
class Unconnected extends Connections {
  readonly requests: HttpRequest[] = [];

  override async handle(request: HttpRequest) {
    this.requests.push(request);
    return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from('{}') }) };
  }
}
