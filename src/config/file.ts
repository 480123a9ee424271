import { readFile } from 'node:fs/promises';
import { ConfigError } from './config-error.ts';

export interface ConfigFile {
  readonly values: Record<string, unknown>;
  /** `file:line` of a setting, or of the nearest one around it. */
  locate(path: readonly PropertyKey[]): string;
}

/**
 * Reads a YAML (or JSON) configuration file. Rejects with a `ConfigError` when it cannot be read or is not YAML, with the line.
 * The parser is loaded only for who has such a file.
 */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const text = await read(file);
  const { isNode, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error)
    throw new ConfigError(`${file}:${lines.linePos(error.pos[0]).line}: not valid YAML: ${error.message}`, error);
  const values: unknown = document.toJS() ?? {};
  if (!isMapping(values))
    throw new ConfigError(`${file}:1: expected settings such as "port: 4000", got ${JSON.stringify(values)}`);

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

/** Not synchronously: while a file cannot be read, signals must end the process. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new ConfigError(`cannot read the configuration file ${file}: ${reason}`, error);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
