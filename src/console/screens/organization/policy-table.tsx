import { Link } from '../../components/link.tsx';
import { Skeleton } from '../../components/states.tsx';
import type { PolicyRow } from '../../data/organization/lists.ts';
import { shortTypeName } from '../../data/organization/policy-types.ts';
import { type AttachmentIndex, pathOf, type TreeNode } from '../../data/organization/tree.ts';

interface ReachingPolicy {
  readonly policy: PolicyRow;
  readonly level: TreeNode;
}

/** Policies at a node and above it, each with the level that it is attached to. */
export function policiesReaching(node: TreeNode, attachments: AttachmentIndex): readonly ReachingPolicy[] {
  return pathOf(node).flatMap((level) =>
    attachments
      .at(level.id)
      .filter(({ awsManaged }) => !awsManaged)
      .map((policy) => ({ policy, level })),
  );
}

interface PolicyTableProps {
  readonly policies: readonly ReachingPolicy[];
  readonly isReady: boolean;
}

export function PolicyTable({ policies, isReady }: PolicyTableProps) {
  if (!isReady) return <Skeleton rows={6} />;
  if (policies.length === 0) return <p className="muted">No policy of your own is attached here or above.</p>;
  return (
    <table className="policy-table">
      <thead>
        <tr>
          <th scope="col">Policy</th>
          <th scope="col">Type</th>
          <th scope="col">Attached to</th>
        </tr>
      </thead>
      <tbody>
        {policies.map(({ policy, level }) => (
          <tr key={`${policy.id} ${level.id}`}>
            <td>
              <Link to="/policies" params={{ type: policy.type ?? policy.typeRaw ?? undefined, policy: policy.id }}>
                {policy.name ?? policy.id}
              </Link>
              {policy.description && <span className="policy-description">{policy.description}</span>}
            </td>
            <td>{shortTypeName(policy.type ?? policy.typeRaw ?? '')}</td>
            <td>{level.name}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
