import './policy-list.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { FilterField } from '../../components/controls.tsx';
import { NoMatch } from '../../components/states.tsx';
import { usePhone } from '../../components/use-media.ts';
import { counted, matcher } from '../../data/text.ts';
import { nameOf } from './policy.ts';
import type { ReachingPolicy } from './use-policy-view.ts';

interface PolicyListProps {
  readonly policies: readonly ReachingPolicy[];
  /** How many accounts there are to reach. */
  readonly accountCount: number;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly changed: ReadonlySet<string>;
}

const ROW = 30;
const PHONE_ROW = 44;

/** The policies of a type, with the share of the accounts that each reaches. */
export function PolicyList({ policies, accountCount, openId, onOpen, changed }: PolicyListProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed);
  const height = usePhone() ? PHONE_ROW : ROW;
  const shown = useMemo(() => {
    const matches = matcher(text);
    return policies.filter(({ policy }) => matches(policy.name, policy.id, policy.description));
  }, [policies, text]);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const openAt = shown.findIndex(({ policy }) => policy.id === openId);
  // A row that is scrolled out of sight does not exist.
  const isOpenShown = virtualizer.getVirtualItems().some(({ index }) => index === openAt);
  useEffect(() => {
    if (openAt >= 0) virtualizer.scrollToIndex(openAt);
  }, [openAt, virtualizer]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, number> = {
      ...{ ArrowDown: openAt + 1, j: openAt + 1, ArrowUp: openAt - 1, k: openAt - 1 },
      ...{ Home: 0, End: shown.length - 1 },
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = shown[Math.max(0, Math.min(next, shown.length - 1))];
    if (target) onOpen(target.policy.id);
  };
  return (
    <section className="policy-list" aria-label="Policies">
      <FilterField label="Filter policies" placeholder="Filter policies" value={typed} onChange={setTyped} />
      <div className="policy-list-head" aria-hidden="true">
        <span>Name</span>
        <span>Accounts reached</span>
      </div>
      {shown.length === 0 ? (
        <NoMatch noun="policy" onClear={() => setTyped('')} />
      ) : (
        <div
          ref={scroller}
          className="policy-list-scroller"
          role="listbox"
          aria-label="Policies of this type"
          aria-activedescendant={isOpenShown ? `${id}-${openAt}` : undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <div role="presentation" style={{ height: virtualizer.getTotalSize() }} className="policy-list-rows">
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const item = shown[index];
              if (item === undefined) return null;
              const { policy, reach } = item;
              return (
                <div
                  key={policy.id}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={policy.id === openId}
                  aria-posinset={index + 1}
                  aria-setsize={shown.length}
                  className="policy-list-row"
                  data-unused={reach === 0 || undefined}
                  data-changed={changed.has(policy.id) || undefined}
                  style={{ height, transform: `translateY(${start}px)` }}
                  onClick={() => onOpen(policy.id)}
                >
                  <span className="truncate">{nameOf(policy)}</span>
                  <span className="policy-list-bar" aria-hidden="true">
                    <span style={{ width: `${accountCount === 0 ? 0 : (100 * (reach ?? 0)) / accountCount}%` }} />
                  </span>
                  <span
                    className="policy-list-reach"
                    title={reach === undefined ? undefined : counted(reach, 'account')}
                  >
                    {reach?.toLocaleString('en-US') ?? '–'}
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}
