import { type AttachmentIndex, type OrganizationTree, pathOf } from '../../data/organization/tree.ts';
import { fold } from '../../data/text.ts';
import { stateWord } from './search.ts';
import { draftOf, KEYS, type Key, type Token } from './tokens.ts';

/** Something that completes what is typed. A token without a value is only its key. */
export interface Completion {
  readonly token: Token;
  readonly note: string | undefined;
}

const MAX = 10;

const HINTS: Readonly<Record<Key, string>> = {
  name: 'part of the name',
  email: 'part of the e-mail address',
  id: 'part of the account id',
  state: 'active, suspended, closed …',
  tag: 'a key, or a key = value',
  under: 'a unit, and all below it',
  has: 'a policy that reaches the account',
  lacks: 'a policy that does not reach it',
  joined: '2026, 2026-09, >2026-09-26, created, invited',
};

interface Context {
  readonly tree: OrganizationTree;
  readonly attachments: AttachmentIndex;
  readonly hasTags: boolean;
}

/** Completes a key, or its value. `isAsked`: without anything typed, all keys. */
export function completionsOf(typed: string, isAsked: boolean, context: Context): readonly Completion[] {
  const draft = draftOf(typed);
  if (draft === undefined) {
    const wanted = typed.trim().toLowerCase();
    if (wanted === '' && !isAsked) return [];
    return KEYS.filter((key) => key.startsWith(wanted) && (key !== 'tag' || context.hasTags)).map((key) => ({
      token: { key, value: '' },
      note: HINTS[key],
    }));
  }
  const wanted = fold(draft.value.trim());
  const values = [...valuesOf(draft.key, context)];
  const beginning = values.filter(([value]) => fold(value).startsWith(wanted));
  const within = values.filter(([value]) => !fold(value).startsWith(wanted) && fold(value).includes(wanted));
  return [...beginning, ...within]
    .slice(0, MAX)
    .map(([value, note]) => ({ token: { key: draft.key, value }, note: note ?? undefined }));
}

function valuesOf(key: Key, { tree, attachments }: Context): Iterable<readonly [value: string, note?: string]> {
  switch (key) {
    case 'state':
      return unique(tree.accounts.map(({ row }) => stateWord(row.stateRaw)));
    case 'tag':
      return unique(
        tree.accounts.flatMap(({ tags }) => (tags ?? []).flatMap((tag) => [tag.key, `${tag.key}=${tag.value}`])),
      );
    case 'under':
      return [...tree.nodes.values()].flatMap((node) => {
        if (node.kind !== 'unit') return [];
        const path = pathOf(node).slice(1);
        return [[path.map(({ name }) => name).join(' / ')] as const];
      });
    case 'has':
    case 'lacks':
      return unique([...attachments.policies.values()].map(({ name, id }) => name ?? id));
    case 'joined':
      return unique(
        tree.accounts.map(({ row }) => row.joinedTimestamp?.slice(0, 4) ?? '').filter((year) => year !== ''),
      );
    default:
      return [];
  }
}

/** Each value once, in their order. */
function unique(values: readonly string[]): readonly (readonly [string])[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1)).map((value) => [value] as const);
}
