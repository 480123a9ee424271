import { meros } from 'meros/browser';
import type { GraphQLResponse, GraphQLSingularResponse, PayloadError } from 'relay-runtime';

type Path = (string | number)[];

/** One item of `incremental`, in the format of the proposal that graphql-tools implements. */
interface IncrementalItem {
  readonly path: Path;
  readonly label?: string;
  readonly errors?: PayloadError[];
  /** Set for a deferred fragment. */
  readonly data?: object | null;
  /** Set for a streamed list; the path ends with the index of the first item. */
  readonly items?: readonly object[] | null;
}

interface Part {
  readonly errors?: PayloadError[];
  readonly extensions?: object;
  readonly data?: object | null;
  readonly incremental?: readonly IncrementalItem[];
  readonly hasNext?: boolean;
}

/** Runs an operation and yields the parts of its response. */
export async function* fetchParts(url: string, request: RequestInit): AsyncGenerator<GraphQLResponse, void, undefined> {
  const response = await fetch(url, request);
  const parts = await meros<Part>(response);
  if (parts instanceof Response) {
    yield await parts.json();
    return;
  }
  for await (const { json, body } of parts) {
    if (!json) throw new Error(`The gateway sent a part that is not JSON: ${body}`);
    const responses = toRelay(body);
    if (responses.length > 0) yield responses;
  }
}

/** Converts a part for Relay: one response per deferred fragment and per item of a streamed list. */
function toRelay({ incremental, hasNext, ...first }: Part): GraphQLSingularResponse[] {
  const extensions = { ...first.extensions, is_final: hasNext === false };
  if (incremental === undefined) return 'data' in first || first.errors ? [singular({ ...first, extensions })] : [];
  return incremental.flatMap(({ path, label, errors, data, items }) => {
    const common = { label, errors, extensions };
    if (!items) return [singular({ ...common, data: data ?? null, path })];
    const start = Number(path.at(-1));
    return items.map((item, offset) =>
      singular({ ...common, data: item, path: [...path.slice(0, -1), start + offset] }),
    );
  });
}

/** Relay's runtime accepts `null` where its types only have `undefined`. */
const singular = (response: object) => response as GraphQLSingularResponse;
