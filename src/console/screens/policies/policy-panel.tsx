import './policy-panel.css';
import { CopyButton } from '../../components/controls.tsx';
import { Link } from '../../components/link.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { pathOf, pathText, type TreeNode } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';
import type { QueryState } from '../../data/queries.ts';
import { counted } from '../../data/text.ts';
import { AttachButton, DetachButton, PolicyButtons } from './actions/policy-buttons.tsx';
import type { Answer } from './answer.ts';
import { DocumentView } from './document-view.tsx';
import { NODE_ICONS } from './layers.tsx';
import type { PolicyContentQuery } from './policies.generated.ts';
import { nameOf, typeOf } from './policy.ts';
import { isControlType } from './reach.ts';
import { ReachChart } from './reach-chart.tsx';
import type { ReachingPolicy } from './use-policy-view.ts';

interface PolicyPanelProps {
  readonly shown: ReachingPolicy;
  readonly organization: Organization;
  readonly content: QueryState<PolicyContentQuery>;
  readonly answer: Answer | undefined;
}

/** A default policy is attached to every account: all of them would be too many to show. */
const MAX_TARGETS = 100;

/** The document of a policy, the accounts that it reaches, and what it is attached to. */
export function PolicyPanel({ shown: { policy, reach }, organization, content, answer }: PolicyPanelProps) {
  const { tree, attachments } = organization;
  const marked = answer?.deciding.get(policy.id);
  const [error] = content.errors;
  const text = content.data?.policy?.content;
  const total = tree === undefined ? 0 : tree.accountCount - (isControlType(typeOf(policy)) ? 1 : 0);
  const targets = [...attachments.targetsOf(policy.id)].flatMap((id) => tree?.nodes.get(id) ?? []);
  return (
    <section className="policy-panel" aria-label={nameOf(policy)}>
      <header>
        <div className="policy-panel-title">
          <h2>{nameOf(policy)}</h2>
          <PolicyButtons policy={policy} />
        </div>
        {policy.description && <p className="muted">{policy.description}</p>}
        <p className="muted">
          {policy.awsManaged ? 'AWS’s own' : 'Yours'} · <span className="mono">{policy.id}</span>
          <CopyButton text={policy.id} what="policy id" />
        </p>
      </header>
      <div className="policy-panel-section policy-panel-document">
        <h3>
          Document
          {marked && (
            <span className="document-legend" data-tone={answer?.tone}>
              {marked.size === 1 ? 'Deciding statement' : 'Deciding statements'}
            </span>
          )}
        </h3>
        {text ? (
          <DocumentView content={text} marked={marked} tone={answer?.tone} label={`Document of ${nameOf(policy)}`} />
        ) : error ? (
          <Failure title="The document cannot be read" error={error} onRetry={content.reload} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
      {tree && (
        <div className="policy-panel-section">
          <h3>
            Reach
            <span>
              <b>{reach?.toLocaleString('en-US') ?? '–'}</b> of {counted(total, 'account')}
            </span>
          </h3>
          <ReachChart policyId={policy.id} tree={tree} attachments={attachments} />
          <p className="muted reach-note">
            {reachWords(targets)} Width is the number of accounts.
            {isControlType(typeOf(policy)) && ' The management account is never limited by control policies.'}
          </p>
        </div>
      )}
      <div className="policy-panel-section">
        <h3>
          Attached to <span className="policy-panel-count">{targets.length}</span>
          <span>
            <AttachButton policy={policy} />
          </span>
        </h3>
        {targets.length === 0 && <p className="muted">It is attached to nothing, and has no effect.</p>}
        <ul>
          {targets.slice(0, MAX_TARGETS).map((node) => {
            const Icon = NODE_ICONS[node.kind];
            return (
              <li key={node.id}>
                <Icon />
                <Link to="/organization" params={{ open: node.id }} className="truncate">
                  {node.name}
                </Link>
                <span className="muted truncate">{pathText(pathOf(node).slice(0, -1))}</span>
                <DetachButton policy={policy} targetId={node.id} targetName={node.name} />
              </li>
            );
          })}
        </ul>
        {targets.length > MAX_TARGETS && (
          <p className="muted">and {(targets.length - MAX_TARGETS).toLocaleString('en-US')} more</p>
        )}
      </div>
    </section>
  );
}

const NAMED = 3;

function reachWords(targets: readonly TreeNode[]): string {
  if (targets.length === 0) return 'No account.';
  if (targets.some(({ kind }) => kind === 'root')) return 'All units.';
  const names = targets.slice(0, NAMED).map(({ name }) => name);
  const rest = targets.length - names.length;
  const list = rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(' and ');
  return targets.some(({ kind }) => kind === 'unit') ? `${list}, and all below.` : `${list}.`;
}
