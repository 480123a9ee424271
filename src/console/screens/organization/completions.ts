import { type AttachmentIndex, type OrganizationTree, pathOf, pathText } from '../../data/organization/tree.ts';
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
  const values = foldedValuesOf(draft.key, context);
  const beginning = values.filter(({ folded }) => folded.startsWith(wanted));
  const within = values.filter(({ folded }) => !folded.startsWith(wanted) && folded.includes(wanted));
  return [...beginning, ...within]
    .slice(0, MAX)
    .map(({ value }) => ({ token: { key: draft.key, value }, note: undefined }));
}

interface FoldedValue {
  readonly value: string;
  readonly folded: string;
}

/** Each key asks for the same values again. They last as long as what they are read from. */
const known = new WeakMap<OrganizationTree | AttachmentIndex, Map<Key, readonly FoldedValue[]>>();

function foldedValuesOf(key: Key, context: Context): readonly FoldedValue[] {
  const source = key === 'has' || key === 'lacks' ? context.attachments : context.tree;
  const ofSource = known.get(source) ?? new Map<Key, readonly FoldedValue[]>();
  known.set(source, ofSource);
  let values = ofSource.get(key);
  if (values === undefined) {
    values = valuesOf(key, context).map((value) => ({ value, folded: fold(value) }));
    ofSource.set(key, values);
  }
  return values;
}

function valuesOf(key: Key, { tree, attachments }: Context): readonly string[] {
  switch (key) {
    case 'state':
      return unique(tree.accounts.map(({ row }) => stateWord(row.stateRaw)));
    case 'tag':
      return tagsOf(tree);
    case 'under':
      return [...tree.nodes.values()].flatMap((node) => (node.kind === 'unit' ? pathText(pathOf(node).slice(1)) : []));
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

/** All keys, and all keys with their values. */
function tagsOf({ accounts }: OrganizationTree): readonly string[] {
  const byKey = new Map<string, Set<string>>();
  for (const { tags } of accounts) {
    for (const { key, value } of tags ?? []) {
      const values = byKey.get(key);
      if (values === undefined) byKey.set(key, new Set([value]));
      else values.add(value);
    }
  }
  return unique([...byKey].flatMap(([key, values]) => [key, ...[...values].map((value) => `${key}=${value}`)]));
}

/** Each value once, in their order. */
function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
