import { writeFile } from 'node:fs/promises';
import { ConfigError } from '../../config/config-error.ts';
import { CommandError, CommandFailedError } from '../run.ts';
import type { NamedOrganization } from './gateway-organization.ts';
import { formatJunit } from './junit.ts';
import { formatResults } from './print-results.ts';
import { runVectors } from './run-vectors.ts';
import type { SourceOptions } from './source.ts';
import { readVectors } from './vectors.ts';

export interface TestOptions extends SourceOptions {
  /** File for the results as JUnit XML. */
  readonly junit?: string;
  /** Whether the organization is that of a gateway or of AWS, instead of the vectors'. */
  readonly organization?: boolean;
}

/**
 * `orgql policies test`: compares the decisions of vectors with the expected ones.
 *
 * @throws {CommandFailedError} if a vector fails
 */
export async function test(paths: readonly string[], { junit, organization, ...source }: TestOptions): Promise<void> {
  const isRead = organization === true || source.url !== undefined || source.config !== undefined;
  if (!isRead && source.principal !== undefined)
    throw new ConfigError('--principal: has no effect without --organization, --url or --config');
  // The gateway's code is loaded only if it is needed.
  const readOrganization = isRead ? (await import('./source.ts')).readOrganization : undefined;
  let read: NamedOrganization | undefined;
  const files = await readVectors(
    paths,
    readOrganization &&
      (async (accounts) => {
        read = await readOrganization(source, accounts);
        return read.organization;
      }),
  );
  const results = runVectors(files, read);
  if (junit !== undefined) {
    await writeFile(junit, formatJunit(results)).catch((error: Error) => {
      throw new CommandError(`--junit: ${junit} cannot be written: ${error.message}`);
    });
  }
  process.stdout.write(formatResults(results));
  if (results.some(({ differences }) => differences.length > 0)) throw new CommandFailedError();
}
