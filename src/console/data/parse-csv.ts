/** A row of a file. `line`: where it begins, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export type CsvFile = { readonly records: readonly CsvRecord[] } | { readonly problem: string };

const DELIMITERS = [',', ';', '\t'];

/** The delimiter that the first line has most of, outside of quotes. */
function delimiterOf(text: string): string {
  const counts = new Map(DELIMITERS.map((each) => [each, 0]));
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '\n' || character === '\r') break;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}

/**
 * Reads a CSV file as RFC 4180 has it, separated by commas, semicolons or tabs, with any line endings and a byte order
 * mark. Lines without text are left out. Quotes within a cell that does not begin with one are text.
 */
export function parseCsv(file: string, separator?: string): CsvFile {
  const text = file.startsWith('\ufeff') ? file.slice(1) : file;
  const delimiter = separator ?? delimiterOf(text);
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  let at = 0;

  const endRecord = () => {
    if (cells.some((cell) => cell.trim() !== '')) records.push({ line: begin, cells });
    cells = [];
    begin = line;
  };
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      const quotedLine = line;
      for (at += 1; ; at += 1) {
        const end = text.indexOf('"', at);
        if (end === -1) {
          return {
            problem: `Line ${quotedLine} begins a text in quotes that has no end. Add the quote, or remove it.`,
          };
        }
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
      line += lineBreaksIn(cell);
    }
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
    cells.push(cell + text.slice(start, at));
    if (text[at] === delimiter) {
      at += 1;
      // The last cell of a file may be empty.
      if (at === text.length) cells.push('');
      continue;
    }
    if (at < text.length) {
      at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
      line += 1;
    }
    endRecord();
  }
  endRecord();
  return { records };
}

const lineBreaksIn = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
