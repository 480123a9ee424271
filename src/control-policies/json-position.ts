import { isJsonArray, isJsonObject, type JsonOffsets, type JsonValue } from './json.ts';

export interface JsonPosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** Returns a function that converts offsets in the text. */
export function createPositions(text: string): (offset: number) => JsonPosition {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return (offset) => {
    const line = lineStarts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1 };
  };
}

interface Found {
  readonly offset: number;
  /** The part of the path that the document does not have. */
  readonly missing: string;
}

/**
 * Returns the offset of a path such as `Statement[0].Effect`: of a member its key, of an item its value. If the
 * document does not have all of the path, returns the offset of the longest part that it has.
 */
export function locate(value: JsonValue, path: string, offsets: JsonOffsets, offset: number): number {
  return search(value, path, offsets, offset).offset;
}

// Keys may have dots, so that several members can begin a path. Each value is visited at most once.
function search(value: JsonValue, path: string, offsets: JsonOffsets, offset: number): Found {
  let best: Found = { offset, missing: path };
  for (const [name, memberOffset] of path === '' ? [] : (offsets.get(value) ?? [])) {
    const rest = isJsonArray(value) ? after(path, `[${name}]`) : after(path.replace(/^\./, ''), name);
    if (rest === undefined) continue;
    const member = isJsonArray(value) ? value[Number(name)] : isJsonObject(value) ? value[name] : undefined;
    const found = search(member ?? null, rest, offsets, memberOffset);
    if (found.missing.length < best.missing.length) best = found;
  }
  return best;
}

function after(path: string, name: string): string | undefined {
  if (!path.startsWith(name)) return undefined;
  const rest = path.slice(name.length);
  return rest === '' || /^[.[]/.test(rest) ? rest : undefined;
}
