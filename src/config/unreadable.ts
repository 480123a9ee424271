import { access, constants, stat } from 'node:fs/promises';

export const DOES_NOT_EXIST = 'does not exist';
export const IS_FOLDER = 'is a folder, not a file';

/** In words, why a file cannot be read, to stand behind its name; undefined when it can. */
export async function whyUnreadable(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).isDirectory()) return IS_FOLDER;
    await access(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return describeFileError(error);
  }
}

export function describeFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return REASONS[code] ?? `cannot be read (${code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: DOES_NOT_EXIST,
  ENOTDIR: 'is in no folder: a part of its path is a file',
  EISDIR: IS_FOLDER,
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'has a name that is too long',
};
