import { useEffect, useMemo, useRef, useState } from 'react';
import { BuildingIcon, CheckIcon, FolderIcon, SearchIcon } from '../../../components/icons.tsx';
import { Tree, type TreeItem } from '../../../components/tree.tsx';
import type { GroupNode, OrganizationTree } from '../../../data/organization/tree.ts';
import { matcher } from '../../../data/text.ts';

interface UnitPickerProps {
  readonly tree: OrganizationTree;
  readonly label: string;
  readonly chosenId: string | undefined;
  /** Where the object is now: it cannot be chosen. */
  readonly presentId: string | undefined;
  readonly onChoose: (unit: GroupNode) => void;
}

interface UnitItem extends TreeItem {
  readonly node: GroupNode;
}

/** The root and the units as a tree, with a filter. */
export function UnitPicker({ tree, label, chosenId, presentId, onChoose }: UnitPickerProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  // The browser's own choice would be the button that closes the dialog.
  useEffect(() => field.current?.focus(), []);
  const items = useMemo(() => itemsOf(tree.root, typed, closed), [tree, typed, closed]);
  return (
    <div className="unit-picker">
      <span className="text-field">
        <SearchIcon size={14} />
        <input
          ref={field}
          type="text"
          aria-label={`${label}: find a unit`}
          placeholder="Find a unit"
          value={typed}
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </span>
      <Tree
        label={label}
        items={items}
        selectedKey={chosenId}
        revealKey={chosenId ?? presentId}
        layout={`${typed} ${[...closed].join(' ')}`}
        onSelect={({ node }) => node.id !== presentId && onChoose(node)}
        onToggle={({ key }, isOpen) => {
          const next = new Set(closed);
          if (isOpen) next.delete(key);
          else next.add(key);
          setClosed(next);
        }}
        row={({ node }) => (
          <span className="node node-group" data-dimmed={node.id === presentId || undefined}>
            {node.kind === 'root' ? <BuildingIcon /> : <FolderIcon />}
            <span className="truncate node-name">{node.name}</span>
            {node.id === presentId && <span className="node-mark">now here</span>}
            <span className="node-count">{node.id === chosenId ? <CheckIcon size={14} /> : node.accountCount}</span>
          </span>
        )}
      />
      {items.length === 0 && <p className="muted">No unit matches.</p>}
    </div>
  );
}

/** Open units, or those that match with the units above them. */
function itemsOf(root: GroupNode, typed: string, closed: ReadonlySet<string>): readonly UnitItem[] {
  const matches = matcher(typed);
  const isShown = (node: GroupNode): boolean => matches(node.name, node.id) || node.units.some(isShown);
  const items: UnitItem[] = [];
  const add = (node: GroupNode, position: number, setSize: number): void => {
    const units = node.units.filter(isShown);
    const isOpen = typed.trim() !== '' || !closed.has(node.id);
    items.push({
      key: node.id,
      node,
      level: node.depth + 1,
      position,
      setSize,
      isOpen: units.length === 0 ? undefined : isOpen,
    });
    if (isOpen) {
      units.forEach((unit, at) => {
        add(unit, at + 1, units.length);
      });
    }
  };
  if (isShown(root)) add(root, 1, 1);
  return items;
}
