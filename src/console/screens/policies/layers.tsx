import './layers.css';
import { BoxIcon, BuildingIcon, FolderIcon } from '../../components/icons.tsx';
import type { PolicyRow } from '../../data/organization/lists.ts';
import { type AccountNode, type AttachmentIndex, pathOf, type TreeNode } from '../../data/organization/tree.ts';
import { type Answer, type DecisionLevel, type LevelVerdict, verdictsOf } from './answer.ts';
import { nameOf, typeOf } from './policy.ts';

interface LayersProps {
  readonly account: AccountNode;
  readonly type: string;
  readonly attachments: AttachmentIndex;
  /** Levels of the type as the decision has them; undefined without a question. */
  readonly levels: readonly DecisionLevel[] | undefined;
  readonly answer: Answer | undefined;
  readonly openId: string | undefined;
  readonly onOpen: (policyId: string) => void;
}

const VERDICTS: Readonly<Record<LevelVerdict, string>> = {
  allowed: 'Allowed',
  denied: 'Denied',
  nothing: 'Nothing here allows it',
  depends: 'It depends',
  after: 'Allowed, but denied above',
};

const KINDS = { root: 'Root', unit: 'Unit', account: 'Account' } as const;
export const NODE_ICONS = { root: BuildingIcon, unit: FolderIcon, account: BoxIcon };

/** A slab for each level, the root on top, with the policies that are attached there. */
export function Layers({ account, type, attachments, levels, answer, openId, onOpen }: LayersProps) {
  const path = pathOf(account);
  const verdicts = levels && verdictsOf(levels);
  const verdictAt = (node: TreeNode): LevelVerdict | undefined =>
    verdicts?.[levels?.findIndex(({ target }) => target.id === node.id) ?? -1];
  return (
    <ol className="layers">
      {path.map((node) => {
        const verdict = verdictAt(node);
        const Icon = NODE_ICONS[node.kind];
        const own = attachments.at(node.id).filter((policy) => typeOf(policy) === type);
        return (
          <li key={node.id} className="layer" data-verdict={verdict}>
            <Mark verdict={verdict} />
            <div className="layer-box">
              <div className="layer-head">
                <Icon />
                <b className="truncate">{node.name}</b>
                <span className="muted">{KINDS[node.kind]}</span>
                {verdict === 'after' && <Chips policies={own} {...{ answer, openId, onOpen }} />}
                <span className="layer-verdict">
                  {verdict ? VERDICTS[verdict] : own.length === 0 ? 'Nothing attached' : ''}
                </span>
              </div>
              {verdict !== 'after' && own.length > 0 && <Chips policies={own} {...{ answer, openId, onOpen }} />}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

interface ChipsProps extends Pick<LayersProps, 'answer' | 'openId' | 'onOpen'> {
  readonly policies: readonly PolicyRow[];
}

function Chips({ policies, answer, openId, onOpen }: ChipsProps) {
  return (
    <span className="layer-chips">
      {policies.map((policy) => (
        <button
          key={policy.id}
          type="button"
          className="layer-chip"
          title={policy.description ?? undefined}
          aria-pressed={policy.id === openId}
          data-aws={policy.awsManaged || undefined}
          data-deciding={answer?.deciding.has(policy.id) ? answer.tone : undefined}
          onClick={() => onOpen(policy.id)}
        >
          <span className="truncate">{nameOf(policy)}</span>
        </button>
      ))}
    </span>
  );
}

/** The rail's mark: its shape says the same as the word at the right. */
function Mark({ verdict }: { readonly verdict: LevelVerdict | undefined }) {
  const isBig = verdict !== undefined && verdict !== 'after';
  return (
    <svg className="layer-mark" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r={isBig ? 8.5 : 4} />
      {verdict === 'allowed' && <path d="m5.4 9.2 2.5 2.5 4.7-5.2" />}
      {(verdict === 'denied' || verdict === 'nothing') && <path d="m6 6 6 6m0-6-6 6" />}
      {verdict === 'depends' && <path d="M6.8 6.8a2.2 2.2 0 1 1 3 2.1c-.5.2-.8.6-.8 1.2m0 2.6v.1" />}
    </svg>
  );
}
