import { useRef } from 'react';
import { useWidth } from '../../components/use-width.ts';
import type { AttachmentIndex, GroupNode, OrganizationTree } from '../../data/organization/tree.ts';

interface Cell {
  readonly group: GroupNode;
  readonly x: number;
  readonly width: number;
  readonly isReached: boolean;
  /** Whether a unit below it is reached. */
  readonly isAbove: boolean;
}

const ROW = 19;
const GAP = 1.5;
/** Narrower ones are left out: they would be no more than a line. */
const MIN_WIDTH = 1.5;
const LABEL_CHAR = 5.8;

/** The units from the root down; the width is the number of accounts. */
export function ReachChart({
  policyId,
  tree,
  attachments,
}: {
  readonly policyId: string;
  readonly tree: OrganizationTree;
  readonly attachments: AttachmentIndex;
}) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const cells = width > 0 ? cellsOf(policyId, tree, attachments, width) : [];
  const depth = Math.max(0, ...cells.map(({ group }) => group.depth));
  return (
    <div ref={box} className="reach-chart">
      <svg width={width} height={(depth + 1) * (ROW + GAP)} aria-hidden="true">
        {cells.map(({ group, x, width: own, isReached, isAbove }) => (
          <g key={group.id} transform={`translate(${x} ${group.depth * (ROW + GAP)})`}>
            <rect
              width={Math.max(1, own - GAP)}
              height={ROW}
              rx="2"
              className={isReached ? 'reach-reached' : isAbove ? 'reach-above' : 'reach-other'}
            >
              <title>{`${group.name}: ${group.accountCount}`}</title>
            </rect>
            {group.name.length * LABEL_CHAR + 12 < own && (
              <text x="6" y={ROW - 6} className={isReached ? 'reach-on' : undefined}>
                {group.name}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}

function cellsOf(policyId: string, tree: OrganizationTree, attachments: AttachmentIndex, width: number): Cell[] {
  const targets = attachments.targetsOf(policyId);
  const cells: Cell[] = [];
  const above = new Set<string>();
  for (const id of targets) {
    for (let node = tree.nodes.get(id)?.parent; node !== undefined; node = node.parent) above.add(node.id);
  }
  const scale = width / Math.max(1, tree.root.accountCount);
  const add = (group: GroupNode, x: number, isBelow: boolean) => {
    const own = group.accountCount * scale;
    if (own < MIN_WIDTH) return;
    const isReached = isBelow || targets.has(group.id);
    cells.push({ group, x, width: own, isReached, isAbove: above.has(group.id) });
    let at = x;
    // The reached ones first, then the largest, so that what matters is at the left.
    const rank = (unit: GroupNode) => (isReached || targets.has(unit.id) || above.has(unit.id) ? 1 : 0);
    for (const unit of [...group.units].sort((a, b) => rank(b) - rank(a) || b.accountCount - a.accountCount)) {
      add(unit, at, isReached);
      at += unit.accountCount * scale;
    }
  };
  add(tree.root, 0, false);
  return cells;
}
