import { BoxIcon, BuildingIcon, FolderIcon, FolderOpenIcon, ShieldIcon } from '../../components/icons.tsx';
import type { AttachmentIndex } from '../../data/organization/tree.ts';
import { counted, groupedId } from '../../data/text.ts';
import type { OrganizationItem } from './rows.ts';
import { stateWord } from './search.ts';

interface NodeRowProps {
  readonly item: OrganizationItem;
  readonly attachments: AttachmentIndex;
}

/** A row of the tree: units have their policies and accounts, accounts their id. */
export function NodeRow({ item, attachments }: NodeRowProps) {
  const { node, matching, isDimmed, isOpen } = item;
  if (node.kind === 'account') {
    const { state, stateRaw } = node.row;
    return (
      <span className="node" data-dimmed={isDimmed || undefined}>
        <BoxIcon />
        <span className="truncate">{node.name}</span>
        {state !== 'ACTIVE' && <span className="node-state">{stateWord(stateRaw ?? state)}</span>}
        <span className="node-id">{groupedId(node.id)}</span>
      </span>
    );
  }
  const Icon = node.kind === 'root' ? BuildingIcon : isOpen ? FolderOpenIcon : FolderIcon;
  const own = attachments.at(node.id).filter(({ awsManaged }) => !awsManaged).length;
  return (
    <span className="node node-group" data-dimmed={isDimmed || undefined}>
      <Icon />
      <span className="truncate node-name">{node.name}</span>
      <span className="node-policies" title={`${counted(own, 'policy', 'policies')} attached`}>
        {own > 0 && (
          <>
            <ShieldIcon size={12} /> {own} <span className="visually-hidden">policies</span>
          </>
        )}
      </span>
      <span className="node-count">
        {matching === undefined ? (
          node.accountCount
        ) : (
          <>
            {matching > 0 ? <b>{matching}</b> : matching} of {node.accountCount}
          </>
        )}
      </span>
    </span>
  );
}
