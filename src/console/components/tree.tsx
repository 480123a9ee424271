import './tree.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { ChevronDownIcon, ChevronRightIcon } from './icons.tsx';
import { useHeld } from './use-held.ts';
import { usePhone } from './use-media.ts';
import { useRowFocus } from './use-row-focus.ts';

/** A node of the tree that is shown, as its ancestors are open. */
export interface TreeItem {
  readonly key: string;
  /** From 1 on. */
  readonly level: number;
  /** Its place among its siblings, from 1 on, and how many they are. */
  readonly position: number;
  readonly setSize: number;
  /** Undefined for a leaf. */
  readonly isOpen: boolean | undefined;
}

interface TreeProps<Item extends TreeItem> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly selectedKey: string | undefined;
  readonly onSelect: (item: Item) => void;
  readonly onToggle: (item: Item, isOpen: boolean) => void;
  readonly row: (item: Item) => ReactNode;
  /** Nodes that have just changed. */
  readonly changed?: ReadonlySet<string>;
  /** What the reader has chosen: its change reorders rows at once. */
  readonly layout: string;
  /** Becomes visible when it changes. */
  readonly revealKey: string | undefined;
}

const ROW = 29;
const PHONE_ROW = 44;
const INDENT = 18;

/** A tree of up to tens of thousands of nodes: only those in sight exist. It is one tab stop, with the keys of the ARIA pattern. */
export function Tree<Item extends TreeItem>(props: TreeProps<Item>) {
  const { label, items, selectedKey, onSelect, onToggle, row, changed, layout, revealKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [isPointed, setPointed] = useState(false);
  const height = usePhone() ? PHONE_ROW : ROW;
  const shown = useHeld(items, isPointed, layout);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (at) => shown[at]?.key ?? at,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer keeps heights that it knows.
  useEffect(() => virtualizer.measure(), [virtualizer, height]);

  const { tabStop, setFocusKey, focus, targetOf } = useRowFocus({
    rows: shown,
    scroller,
    scrollToIndex: (at) => virtualizer.scrollToIndex(at),
    initialKey: selectedKey,
  });

  const revealed = useRef<string>(undefined);
  useEffect(() => {
    if (revealKey === undefined || revealKey === revealed.current) return;
    const at = shown.findIndex(({ key }) => key === revealKey);
    if (at === -1) return;
    revealed.current = revealKey;
    virtualizer.scrollToIndex(at);
  }, [revealKey, shown, virtualizer]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = shown.findIndex(({ key }) => key === tabStop);
    const item = shown[at];
    if (item === undefined) return;
    const next = targetOf(event.key, at, Math.floor((scroller.current?.clientHeight ?? 0) / height));
    if (next !== undefined) focus(next);
    else if (event.key === 'Enter' || event.key === ' ') onSelect(item);
    else if (event.key === 'ArrowRight') {
      if (item.isOpen === false) onToggle(item, true);
      else if (item.isOpen && shown[at + 1]?.level === item.level + 1) focus(at + 1);
    } else if (event.key === 'ArrowLeft') {
      if (item.isOpen) onToggle(item, false);
      else focus(parentOf(shown, at));
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="tree-scroller"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <div
        role="tree"
        aria-label={label}
        className="tree"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const item = shown[index];
          if (item === undefined) return null;
          return (
            <TreeRow
              key={key}
              item={item}
              height={height}
              start={start}
              isSelected={item.key === selectedKey}
              isTabStop={item.key === tabStop}
              isChanged={changed?.has(item.key) === true}
              onFocusKey={setFocusKey}
              onSelect={onSelect}
              onToggle={onToggle}
              row={row}
            />
          );
        })}
      </div>
    </div>
  );
}

interface TreeRowProps<Item extends TreeItem> extends Pick<TreeProps<Item>, 'onSelect' | 'onToggle' | 'row'> {
  readonly item: Item;
  /** In px, as `start`, its distance from the top. */
  readonly height: number;
  readonly start: number;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly isChanged: boolean;
  readonly onFocusKey: (key: string) => void;
}

function PlainTreeRow<Item extends TreeItem>(props: TreeRowProps<Item>) {
  const { item, height, start, isSelected, isTabStop, isChanged, onFocusKey, onSelect, onToggle, row } = props;
  const Chevron = item.isOpen ? ChevronDownIcon : ChevronRightIcon;
  return (
    <div
      role="treeitem"
      className="tree-row"
      data-key={item.key}
      data-changed={isChanged || undefined}
      aria-level={item.level}
      aria-setsize={item.setSize}
      aria-posinset={item.position}
      aria-expanded={item.isOpen}
      aria-selected={isSelected}
      tabIndex={isTabStop ? 0 : -1}
      style={{ height, transform: `translateY(${start}px)` }}
      onClick={() => {
        onFocusKey(item.key);
        onSelect(item);
      }}
    >
      {/* Lines from open units down to what they hold. */}
      <span className="tree-indent" style={{ width: (item.level - 1) * INDENT }} aria-hidden="true" />
      <span
        className="tree-chevron"
        onClick={(event) => {
          if (item.isOpen === undefined) return;
          event.stopPropagation();
          onToggle(item, !item.isOpen);
        }}
      >
        {item.isOpen !== undefined && <Chevron size={14} />}
      </span>
      {row(item)}
    </div>
  );
}

/** A row that stays in sight is not rendered again while the tree scrolls. */
const TreeRow = memo(PlainTreeRow) as typeof PlainTreeRow;

function parentOf(items: readonly TreeItem[], at: number): number {
  const level = items[at]?.level ?? 1;
  for (let above = at - 1; above >= 0; above -= 1) if ((items[above]?.level ?? 0) < level) return above;
  return at;
}
