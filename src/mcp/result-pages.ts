import { toJson } from '../config/printable.ts';

/** A part of a result: its data with a part of its longest list or, if that is not enough, a part of its JSON text. */
export type ResultPage = { readonly data: unknown } | { readonly jsonPart: string };

type Path = readonly string[];

/** Divides the data of a result into pages of at most `maxBytes` of JSON. */
export function divideResult(data: unknown, maxBytes: number): readonly ResultPage[] {
  if (sizeOf(data) <= maxBytes) return [{ data }];
  const path = longestList(data);
  const slices = path === undefined ? undefined : divideList(data, path, maxBytes);
  return slices?.map((slice) => ({ data: slice })) ?? divideText(toJson(data), maxBytes);
}

const sizeOf = (value: unknown): number => Buffer.byteLength(toJson(value));

/** The path of the list with the most bytes. A list has more than those in its items. */
function longestList(value: unknown): Path | undefined {
  let longest: { readonly path: Path; readonly bytes: number } | undefined;
  const pending: { readonly value: unknown; readonly path: Path }[] = [{ value, path: [] }];
  for (const each of pending) {
    if (Array.isArray(each.value)) {
      const bytes = sizeOf(each.value);
      if (longest === undefined || bytes > longest.bytes) longest = { path: each.path, bytes };
    } else if (typeof each.value === 'object' && each.value !== null) {
      for (const [name, child] of Object.entries(each.value))
        pending.push({ value: child, path: [...each.path, name] });
    }
  }
  return longest?.path;
}

/** Undefined if the list is empty, or one item is too large beside the rest of the data. */
function divideList(data: unknown, path: Path, maxBytes: number): readonly unknown[] | undefined {
  const list = path.reduce<unknown>((parent, name) => (parent as Record<string, unknown>)[name], data) as unknown[];
  if (list.length === 0) return undefined;
  const rest = sizeOf(replaceAt(data, path, []));
  const slices: unknown[][] = [];
  let bytes = maxBytes;
  for (const item of list) {
    const size = sizeOf(item) + 1;
    if (rest + size > maxBytes) return undefined;
    if (bytes + size > maxBytes) {
      slices.push([]);
      bytes = rest;
    }
    slices.at(-1)?.push(item);
    bytes += size;
  }
  return slices.map((slice) => replaceAt(data, path, slice));
}

function replaceAt(value: unknown, [name, ...path]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement;
  const parent = value as Readonly<Record<string, unknown>>;
  return { ...parent, [name]: replaceAt(parent[name], path, replacement) };
}

function divideText(text: string, maxBytes: number): readonly ResultPage[] {
  const bytes = Buffer.from(text);
  const pages: ResultPage[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + maxBytes, bytes.length);
    // The second and later bytes of a character in UTF-8 are 10xxxxxx.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    pages.push({ jsonPart: bytes.toString('utf8', start, end) });
    start = end;
  }
  return pages;
}
