export interface DiffLine {
  readonly kind: 'same' | 'out' | 'in';
  readonly text: string;
}

/** Lines around a change that are shown. */
const CONTEXT = 3;
/** Above this product of lines, documents are shown one after the other: a comparison would block the page. */
const MAX_CELLS = 1_000_000;

/** JSON with indents; another text as it is. */
function pretty(text: string): readonly string[] {
  if (text === '') return [];
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2).split('\n');
  } catch {
    return text.split('\n');
  }
}

/** The lines that differ, with some around them. */
export function diffOf(before: string, after: string): readonly DiffLine[] {
  const [old, present] = [pretty(before), pretty(after)];
  const lines = old.length * present.length > MAX_CELLS ? replaced(old, present) : compare(old, present);
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(isChange));
  return lines.filter((_, at) => near[at]);
}

const isChange = ({ kind }: DiffLine): boolean => kind !== 'same';

const replaced = (old: readonly string[], present: readonly string[]): DiffLine[] => [
  ...old.map((text): DiffLine => ({ kind: 'out', text })),
  ...present.map((text): DiffLine => ({ kind: 'in', text })),
];

/** By the longest common subsequence. */
function compare(old: readonly string[], present: readonly string[]): DiffLine[] {
  const width = present.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = present.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        old[row] === present[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < present.length) {
    const [out, into] = [old[row], present[column]];
    if (out !== undefined && out === into) {
      lines.push({ kind: 'same', text: out });
      row += 1;
      column += 1;
    } else if (into === undefined || (out !== undefined && at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: 'out', text: out ?? '' });
      row += 1;
    } else {
      lines.push({ kind: 'in', text: into });
      column += 1;
    }
  }
  return lines;
}
