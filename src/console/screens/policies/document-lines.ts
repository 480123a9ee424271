/** A line of a document, with its number's place in it. */
export interface DocumentLine {
  readonly text: string;
  /** The statement that it belongs to, from 0; undefined outside of statements. */
  readonly statement: number | undefined;
}

const INDENT = 2;
const print = (value: unknown): string[] => JSON.stringify(value, undefined, INDENT).split('\n');

/** A policy's text in lines. Text that is not JSON stays as it is. */
export function linesOf(content: string): readonly DocumentLine[] {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    return content.split('\n').map((text) => ({ text, statement: undefined }));
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return print(document).map((text) => ({ text, statement: undefined }));
  }
  const members = Object.entries(document);
  const lines: DocumentLine[] = [{ text: '{', statement: undefined }];
  members.forEach(([name, value], at) => {
    const comma = at < members.length - 1 ? ',' : '';
    const key = `  ${JSON.stringify(name)}: `;
    if (name === 'Statement') lines.push(...statementLines(key, value, comma));
    else {
      print(value).forEach((text, line, all) => {
        const isLast = line === all.length - 1;
        lines.push({ text: `${line === 0 ? key : '  '}${text}${isLast ? comma : ''}`, statement: undefined });
      });
    }
  });
  lines.push({ text: '}', statement: undefined });
  return lines;
}

function statementLines(key: string, value: unknown, comma: string): DocumentLine[] {
  if (!Array.isArray(value)) {
    return print(value).map((text, line, all) => ({
      text: `${line === 0 ? key : '  '}${text}${line === all.length - 1 ? comma : ''}`,
      statement: 0,
    }));
  }
  // As AWS prints it: the brackets of the list do not take lines of their own.
  const lines: DocumentLine[] = [];
  value.forEach((statement: unknown, index) => {
    const printed = print(statement);
    printed.forEach((text, line) => {
      const isFirst = line === 0;
      const isLast = line === printed.length - 1;
      const opening = index === 0 ? `${key}[` : '  ';
      const closing = index === value.length - 1 ? `]${comma}` : ',';
      const isBracket = (isFirst && text === '{') || (isLast && text === '}');
      lines.push({
        text: `${isFirst ? opening : '  '}${text}${isLast ? closing : ''}`,
        statement: isBracket && value.length === 1 ? undefined : index,
      });
    });
  });
  if (value.length === 0) lines.push({ text: `${key}[]${comma}`, statement: undefined });
  return lines;
}

export type TokenKind = 'key' | 'text' | 'plain';

/** The parts of a line that have colors of their own. */
export function tokensOf(line: string): readonly { readonly kind: TokenKind; readonly text: string }[] {
  return [...line.matchAll(/("(?:[^"\\]|\\.)*")(?=(\s*:)?)|[^"]+|"/g)].map(([text, quoted, colon]) => ({
    text,
    kind: quoted === undefined ? 'plain' : colon === undefined ? 'text' : 'key',
  }));
}
