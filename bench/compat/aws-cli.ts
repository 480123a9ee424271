import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Client, Outcome, Request } from './client.ts';

const execute = promisify(execFile);

/** Runs the AWS CLI in one process per call, with its input as JSON, like scripts. */
export async function startAwsCli(command: string, url: string): Promise<Client> {
  const { stdout } = await execute(command, ['--version']);
  const name = /aws-cli\/\S+/.exec(stdout)?.[0].replace('aws-cli/', 'AWS CLI ') ?? 'AWS CLI';
  return { name, call: (request) => call(command, url, request), close: async () => {} };
}

async function call(command: string, url: string, request: Request): Promise<Outcome> {
  const { operation, account, input, pageSize } = request;
  const args = ['--endpoint-url', url, '--output', 'json', 'organizations', commandOf(operation)];
  args.push('--cli-input-json', JSON.stringify(input));
  if (pageSize !== undefined) args.push('--page-size', String(pageSize));
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_MAX_ATTEMPTS: '1',
  };
  try {
    const { stdout } = await execute(command, args, { env, maxBuffer: 16 * 1024 * 1024 });
    return { kind: 'ok', output: stdout.trim() === '' ? {} : JSON.parse(stdout) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Outcome {
  if (!(error instanceof Error) || !('stderr' in error)) throw error;
  const text = String(error.stderr);
  if (/Invalid choice/.test(text)) return { kind: 'not known' };
  const [, name, message] =
    /An error occurred \((\w+)\) when calling the \w+ operation[^:]*: ([\s\S]*)/.exec(text) ?? [];
  if (name === undefined || message === undefined) throw new Error(`The AWS CLI failed: ${text}`);
  return { kind: 'exception', name, message: message.trim() };
}

/** Converts a name to the CLI's form: `EnableAWSServiceAccess` to `enable-aws-service-access`. */
export function commandOf(operation: string): string {
  return operation
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
