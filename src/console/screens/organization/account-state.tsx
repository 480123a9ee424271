import { State, StateBadge, type StateShape, type Tone } from '../../components/state-icon.tsx';
import type { AccountRow } from '../../data/organization/lists.ts';
import { stateWord } from './search.ts';

const STATES: Readonly<Record<string, readonly [StateShape, Tone]>> = {
  ACTIVE: ['done', 'green'],
  PENDING_ACTIVATION: ['awaiting', 'blue'],
  PENDING_CLOSURE: ['ending', 'red'],
  SUSPENDED: ['failed', 'red'],
  CLOSED: ['ended', 'gray'],
};

function lookOf({ state, stateRaw }: AccountRow): { shape: StateShape; tone: Tone; word: string } {
  const [shape, tone] = STATES[state ?? ''] ?? ['waiting', 'gray'];
  const word = stateWord(stateRaw ?? state);
  return { shape, tone, word: word.charAt(0).toUpperCase() + word.slice(1) };
}

/** Where an account is in its life. */
export function AccountState({ row, isBadge = false }: { readonly row: AccountRow; readonly isBadge?: boolean }) {
  const { shape, tone, word } = lookOf(row);
  const Look = isBadge ? StateBadge : State;
  return (
    <Look shape={shape} tone={tone}>
      {word}
    </Look>
  );
}
