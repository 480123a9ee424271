import { access, constants, readFile, stat } from 'node:fs/promises';
import type { Document } from 'yaml';
import { ConfigError } from './config-error.ts';

export interface ConfigFile {
  readonly values: Record<string, unknown>;
  /** Returns `file:line` of a setting or, if it is missing, of the section that encloses it. */
  locate(path: readonly PropertyKey[]): string;
}

/**
 * Reads a YAML (or JSON) configuration file. Rejects with a `ConfigError` that names the line if it is not YAML.
 * The parser is loaded only if there is a file.
 */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const text = await read(file);
  const { isNode, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const mistakes = document.errors.map(({ message, pos, code }) => {
      const what = code === 'MULTIPLE_DOCS' ? 'there is a second document; remove the line ---' : oneLine(message);
      return `${file}:${lines.linePos(pos[0]).line}: not valid YAML: ${what}`;
    });
    throw new ConfigError(mistakes, document.errors[0]);
  }
  const values = toValues(document, file) ?? {};
  if (!isMapping(values))
    throw new ConfigError(`${file}:1: expected settings such as "port: 4000", got ${kindOf(values)}`);

  return {
    values,
    locate(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return `${file}:${lines.linePos(node.range[0]).line}`;
      }
      return file;
    },
  };
}

/** Resolves YAML aliases. The parser rejects aliases without an anchor, and too many of them. */
function toValues(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ConfigError(`${file}: not valid YAML: ${oneLine(error.message)}`, error);
  }
}

const oneLine = (message: string) => message.replace(/\s*\n\s*/g, ' ').trim();

/** Describes a value without its content, which may hold a secret. */
const kindOf = (value: unknown) => (Array.isArray(value) ? 'a list' : `a ${typeof value}`);

/** Reads asynchronously, so that signals end the process while a file cannot be read. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? 'the file does not exist' : `it ${describeFileError(error)}`;
    throw new ConfigError(`cannot read the configuration file ${file}: ${reason}`, error);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const DOES_NOT_EXIST = 'does not exist';
export const IS_FOLDER = 'is a folder, not a file';

/** Returns why a file cannot be read, as the predicate of a sentence about it; undefined if it can. */
export async function whyUnreadable(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).isDirectory()) return IS_FOLDER;
    await access(file, constants.R_OK);
    return undefined;
  } catch (error) {
    return describeFileError(error);
  }
}

function describeFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return REASONS[code] ?? `cannot be read (${code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: DOES_NOT_EXIST,
  ENOTDIR: 'does not exist: a part of its path is not a folder',
  EISDIR: IS_FOLDER,
  EACCES: 'cannot be read: this user has no permission',
  EPERM: 'cannot be read: this user has no permission',
  ELOOP: 'is a symbolic link in a loop',
  ENAMETOOLONG: 'cannot be read: its name is too long',
};
