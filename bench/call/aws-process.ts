import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Fixed responses of AWS to two operations: a small one, and a full page. */
export const replies: Readonly<Record<string, Buffer>> = {
  DescribeAccount: json({ Account: account(1) }),
  ListAccounts: json({
    Accounts: Array.from({ length: 20 }, (_, index) => account(index)),
    NextToken: 'A'.repeat(128),
  }),
};

function account(index: number) {
  const id = String(100_000_000_000 + index);
  return {
    Id: id,
    Arn: `arn:aws:organizations::111111111111:account/o-exampleorgid/${id}`,
    Email: `account-${index}@example.com`,
    Name: `Account ${index}`,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: 1_700_000_000.123 + index,
    Paths: [`o-exampleorgid/r-abcd/ou-abcd-11111111/${id}/`],
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export interface CannedAws extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server of these responses in a process of its own, so that this process measures only the client. */
export async function startCannedAws(): Promise<CannedAws> {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [url] = await once(child, 'message');
  return {
    url,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

function serve(): void {
  const server = createServer((request, response) => {
    const reply = replies[String(request.headers['x-amz-target']).split('.')[1] ?? ''];
    request.resume().once('end', () => {
      response.writeHead(reply === undefined ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': reply?.length ?? 0,
        'x-amzn-requestid': '11111111-2222-3333-4444-555555555555',
      });
      response.end(reply);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  // The parent process has ended.
  process.on('disconnect', () => process.exit());
}

if (process.send !== undefined && process.argv[2] === 'serve') serve();
