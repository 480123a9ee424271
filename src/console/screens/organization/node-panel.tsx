import './node-panel.css';
import { lazy, Suspense, useId, useState } from 'react';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { Segmented } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { ChevronRightIcon, CloseIcon } from '../../components/icons.tsx';
import { Link } from '../../components/link.tsx';
import { useEscape } from '../../components/use-escape.ts';
import { type AccountNode, type GroupNode, pathOf, type TreeNode } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';
import { AccountOverview } from './account-overview.tsx';
import { AccountState } from './account-state.tsx';
import { NodeActions } from './actions/node-actions.tsx';
import { isNodeForm } from './actions/node-form-names.ts';
import { GroupOverview } from './group-overview.tsx';
import { changesOf, ObjectHistory, useObjectHistory } from './history.tsx';
import { AccountDetailsDocument, RootDetailsDocument, UnitDetailsDocument } from './organization.generated.ts';
import { PolicyTable, policiesReaching } from './policy-table.tsx';
import { RawObject } from './raw-object.tsx';

const NodeForm = lazy(() => import('./actions/node-forms.tsx').then(({ NodeForm: form }) => ({ default: form })));

interface NodePanelProps {
  readonly node: TreeNode;
  readonly organization: Organization;
  readonly onOpen: (id: string) => void;
  /** Undefined if the panel is beside the tree. */
  readonly onClose: (() => void) | undefined;
}

type Tab = 'overview' | 'policies' | 'history' | 'raw';

/** The account, the unit or the root that is open. */
export function NodePanel({ node, organization, onOpen, onClose }: NodePanelProps) {
  const id = useId();
  const [tab, setTab] = useState<Tab>('overview');
  const policies = policiesReaching(node, organization.attachments);
  const history = useObjectHistory(node, organization);
  const changes = changesOf(history);
  const { action, filled, openAction, closeAction } = useOpenAction('organization');
  const form = isNodeForm(action) ? action : undefined;
  useEscape(form ? closeAction : onClose);
  return (
    <aside className="node-panel" aria-labelledby={id}>
      <header className="node-header">
        <Path node={node} onOpen={onOpen} />
        <div className="node-title">
          <h2 id={id} className="truncate" title={node.name}>
            {node.name}
          </h2>
          {node.kind === 'account' && <AccountState row={node.row} isBadge />}
          <div className="node-tools">
            <NodeActions node={node} organization={organization} open={action} onAction={openAction} />
            <CopyNode node={node} />
            {onClose && (
              <button type="button" className="button button-plain button-icon" aria-label="Close" onClick={onClose}>
                <CloseIcon />
              </button>
            )}
          </div>
        </div>
        <Segmented
          label="Part"
          kind="tabs"
          value={tab}
          options={[
            { value: 'overview', label: 'Overview' },
            { value: 'policies', label: 'Policies', count: organization.hasPolicies ? policies.length : undefined },
            ...(changes ? [{ value: 'history' as const, label: 'History', count: changes.length }] : []),
            { value: 'raw', label: 'Raw' },
          ]}
          onChange={setTab}
        />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard. */}
      <div className="node-body" role="tabpanel" aria-label={tab} tabIndex={0}>
        {form && (
          <Suspense fallback={null}>
            <NodeForm
              key={`${node.id} ${form}`}
              form={form}
              node={node}
              organization={organization}
              filled={filled}
              onOpen={onOpen}
              onClose={closeAction}
            />
          </Suspense>
        )}
        {tab === 'raw' ? (
          <RawObject node={node} />
        ) : tab === 'policies' ? (
          <PolicyTable policies={policies} isReady={organization.hasPolicies} />
        ) : tab === 'history' ? (
          <ObjectHistory history={history} organization={organization} />
        ) : (
          <>
            <Overview node={node} organization={organization} />
            {changes && changes.length > 0 && (
              <section className="history-section">
                <div className="levels-head">
                  <h3>History</h3>
                  <Link to="/activity" params={{ q: node.id }}>
                    Open in Activity
                  </Link>
                </div>
                <ObjectHistory history={history} organization={organization} max={3} />
              </section>
            )}
          </>
        )}
      </div>
    </aside>
  );
}

function Overview({ node, organization }: { readonly node: TreeNode; readonly organization: Organization }) {
  return isAccount(node) ? (
    <AccountOverview account={node} organization={organization} />
  ) : (
    <GroupOverview group={node} organization={organization} />
  );
}

const isAccount = (node: AccountNode | GroupNode): node is AccountNode => node.kind === 'account';

/** The units above, each of which it opens. */
function Path({ node, onOpen }: Pick<NodePanelProps, 'node' | 'onOpen'>) {
  const above = pathOf(node).slice(0, -1);
  if (above.length === 0) return <p className="node-path">The organization’s root</p>;
  return (
    <nav className="node-path" aria-label="Path">
      {above.map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && <ChevronRightIcon size={12} />}
          <button type="button" onClick={() => onOpen(id)}>
            {name}
          </button>
        </span>
      ))}
    </nav>
  );
}

function CopyNode({ node: { kind, id } }: { readonly node: TreeNode }) {
  const document = { account: AccountDetailsDocument, unit: UnitDetailsDocument, root: RootDetailsDocument }[kind];
  const describe = {
    account: `aws organizations describe-account --account-id ${id}`,
    unit: `aws organizations describe-organizational-unit --organizational-unit-id ${id}`,
    root: 'aws organizations list-roots',
  }[kind];
  return (
    <CopyAs
      isSmall
      document={String(document)}
      variables={kind === 'root' ? {} : { id }}
      aws={[
        describe,
        `aws organizations list-tags-for-resource --resource-id ${id}`,
        `aws organizations list-policies-for-target --target-id ${id} --filter SERVICE_CONTROL_POLICY`,
      ]}
    />
  );
}
