import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { ConfigError } from '../../config/config-error.ts';
import { whyUnreadable } from '../../config/file.ts';
import { parseJson } from '../../control-policies/json.ts';

/** A file cannot be read, or its content is not valid. Each line names the file and the place. */
export class FileError extends ConfigError {
  constructor(message: string) {
    super(message.split('\n'));
    this.name = 'FileError';
  }
}

/** Reads a text without its byte order mark. @throws {FileError} */
export async function readText(file: string): Promise<string> {
  const why = await whyUnreadable(file);
  if (why !== undefined) throw new FileError(`${file} ${why}`);
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
}

/**
 * Parses the text of a JSON or, by the file's name, YAML file.
 *
 * @throws {FileError}
 */
export function parseDocumentText(file: string, text: string): unknown {
  if (isYaml(file)) return parseYaml(file, text);
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  throw new FileError(`${file} is not JSON: ${parsed.problem.path}: ${parsed.problem.expected}`);
}

export function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}

function parseYaml(file: string, text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new FileError(`${file} is not YAML: line ${line}, column ${col}: ${error.message.replace(/\s*\n\s*/g, ' ')}`);
  }
  keepDigits(document);
  try {
    return document.toJS();
  } catch (cause) {
    // An alias without its anchor, or too many aliases.
    throw new FileError(`${file} is not YAML: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** Account ids without quotes are text, though YAML reads digits as a number. */
function keepDigits(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'number' && /^\d{12}$/.test(node.source ?? '')) {
        node.value = node.source;
      }
    },
  });
}
