export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is the client's own knowledge.
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly operation?: string | null };
  }[];
}

export type Ask = (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<Answer>;

export function createAsk(url: string): Ask {
  return async (query, variables = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
}

/** A client that writes something of its own, and reads it back at once. */
export interface Writer {
  readonly name: string;
  /** Resolves to whether the read returned the write; undefined if the write or the read failed. */
  turn(count: number): Promise<boolean | undefined>;
}

/** Writers, each with an organizational unit of its own. */
export async function createWriters(ask: Ask, count: number): Promise<readonly Writer[]> {
  for (;;) {
    const { data } = await ask('{ root { organizationalUnits(first: 100) { nodes { id } } } }');
    const ids: readonly string[] | undefined = data?.root?.organizationalUnits?.nodes.map(
      ({ id }: { id: string }) => id,
    );
    if (ids === undefined) continue;
    return ids.slice(0, count).map((id, index) => (index % 2 === 0 ? tagger(ask, id) : renamer(ask, id)));
  }
}

function tagger(ask: Ask, id: string): Writer {
  return {
    name: `tags of ${id}`,
    async turn(count) {
      const value = `turn ${count}`;
      const written = await ask('mutation ($input: TagResourceInput!) { tagResource(input: $input) { __typename } }', {
        input: { resourceId: id, tags: [{ key: 'Soak', value }] },
      });
      if (written.data?.tagResource?.__typename !== 'TagResourcePayload') return undefined;
      const read = await ask(
        'query ($id: ID!) { organizationalUnit(id: $id) { tags(first: 50) { nodes { key value } } } }',
        {
          id,
        },
      );
      const tags: { key: string; value: string }[] | undefined = read.data?.organizationalUnit?.tags?.nodes;
      return tags?.some((tag) => tag.key === 'Soak' && tag.value === value);
    },
  };
}

function renamer(ask: Ask, id: string): Writer {
  return {
    name: `name of ${id}`,
    async turn(count) {
      const name = `Unit ${id} ${count}`;
      const written = await ask(
        'mutation ($input: UpdateOrganizationalUnitInput!) { updateOrganizationalUnit(input: $input) { __typename } }',
        { input: { organizationalUnitId: id, name } },
      );
      if (written.data?.updateOrganizationalUnit?.__typename !== 'UpdateOrganizationalUnitPayload') return undefined;
      const [one, list] = await Promise.all([
        ask('query ($id: ID!) { organizationalUnit(id: $id) { name } }', { id }),
        ask('{ root { organizationalUnits(first: 100) { nodes { id name } } } }'),
      ]);
      const listed: { id: string; name: string }[] | undefined = list.data?.root?.organizationalUnits?.nodes;
      if (one.data?.organizationalUnit == null || listed === undefined) return undefined;
      return one.data.organizationalUnit.name === name && listed.some((unit) => unit.id === id && unit.name === name);
    },
  };
}
