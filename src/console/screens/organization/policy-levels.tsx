import './policy-levels.css';
import { ArrowRightIcon } from '../../components/icons.tsx';
import { Link } from '../../components/link.tsx';
import { Skeleton } from '../../components/states.tsx';
import type { PolicyRow } from '../../data/organization/lists.ts';
import { shortTypeName } from '../../data/organization/policy-types.ts';
import { pathOf, type TreeNode } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';

interface PolicyLevelsProps {
  readonly node: TreeNode;
  readonly organization: Organization;
  readonly title: string;
}

/** From the root down, what is attached at each level. */
export function PolicyLevels({ node, organization: { attachments, hasPolicies }, title }: PolicyLevelsProps) {
  const levels = pathOf(node).map((level) => ({ level, policies: attachments.at(level.id) }));
  const hidden = policiesOfAllLevels(levels.map(({ policies }) => policies));
  return (
    <section className="levels">
      <div className="levels-head">
        <h3>{title}</h3>
        {node.kind === 'account' && (
          <Link to="/policies" params={{ account: node.id }}>
            Can it do an action? <ArrowRightIcon size={12} />
          </Link>
        )}
      </div>
      {!hasPolicies && <Skeleton rows={4} />}
      {hasPolicies && (
        <>
          {hidden.length > 0 && (
            <p className="muted levels-note">
              {hidden.map(({ name, id }) => name ?? id).join(' and ')} {hidden.length === 1 ? 'is' : 'are'} attached at
              every level and not shown.
            </p>
          )}
          <ol>
            {levels.map(({ level, policies }) => {
              const shown = policies.filter((policy) => !hidden.includes(policy));
              return (
                <li key={level.id}>
                  <span className="levels-name" title={level.name}>
                    {level.name}
                  </span>
                  <span className="levels-policies">
                    {shown.map((policy) => (
                      <PolicyChip key={policy.id} policy={policy} node={node} />
                    ))}
                    {shown.length === 0 && (
                      <span className="muted">Nothing {hidden.length > 0 && 'else '}attached</span>
                    )}
                  </span>
                </li>
              );
            })}
          </ol>
        </>
      )}
    </section>
  );
}

/** AWS's own policies that are at each level: the default, which says nothing. */
function policiesOfAllLevels(levels: readonly (readonly PolicyRow[])[]): readonly PolicyRow[] {
  const [first = [], ...rest] = levels;
  return first.filter((policy) => policy.awsManaged && rest.every((policies) => policies.includes(policy)));
}

function PolicyChip({ policy, node }: { readonly policy: PolicyRow; readonly node: TreeNode }) {
  const params = {
    type: policy.type ?? policy.typeRaw ?? undefined,
    policy: policy.id,
    account: node.kind === 'account' ? node.id : undefined,
  };
  return (
    <Link to="/policies" params={params} className="policy-chip" title={policy.description ?? undefined}>
      <b>{shortTypeName(policy.type ?? policy.typeRaw ?? '')}</b>{' '}
      <span className="truncate">{policy.name ?? policy.id}</span>
    </Link>
  );
}
