import { readFileSync } from 'node:fs';
import { explainIssues } from './explain-issues.ts';
import { type WorldData, worldFileSchema } from './world-file-schema.ts';

/** What is wrong with a world file, in words for who wrote it. */
export class WorldFileError extends Error {
  override readonly name = 'WorldFileError';
}

/** @throws {WorldFileError} naming the place in the file */
export function parseWorldFile(value: unknown, origin = 'the world'): WorldData {
  const parsed = worldFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WorldFileError(`${origin} is not a world:\n${explainIssues(parsed.error)}`);
}

/** @throws {WorldFileError} when it cannot be read, is not JSON, or is not a world */
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
