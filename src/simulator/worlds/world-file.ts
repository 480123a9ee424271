import { readFileSync } from 'node:fs';
import { formatIssues } from './format-issues.ts';
import { type WorldData, worldFileSchema } from './world-file-schema.ts';

/** An invalid world file or state file. */
export class WorldFileError extends Error {
  override readonly name = 'WorldFileError';
}

/** @throws {WorldFileError} with the path of each invalid value */
export function parseWorldFile(value: unknown, origin = 'the world'): WorldData {
  const parsed = worldFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WorldFileError(`${origin} is not a world:\n${formatIssues(parsed.error)}`);
}

/** @throws {WorldFileError} if the file cannot be read, is not JSON, or is not a world */
export function readWorldFile(path: string): WorldData {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new WorldFileError(
      `The world file ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WorldFileError(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  return parseWorldFile(value, path);
}
