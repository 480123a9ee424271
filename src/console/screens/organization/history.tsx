import './history.css';
import { useEffect } from 'react';
import { Failure, Skeleton } from '../../components/states.tsx';
import { ShortMoment } from '../../components/time.tsx';
import { useNow } from '../../data/clock.ts';
import type { TreeNode } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';
import type { QueryState } from '../../data/queries.ts';
import { useQuery } from '../../data/use-query.ts';
import { describe, type Names } from '../activity/describe.ts';
import { ObjectHistoryDocument, type ObjectHistoryQuery } from './organization.generated.ts';

/** The object may be this old, so that its history costs no call; in seconds. */
const MAX_AGE = 3_600;

/** The latest changes of an object. Read again when the live lists show a change of it. */
export function useObjectHistory({ id }: TreeNode, organization: Organization): QueryState<ObjectHistoryQuery> {
  const query = useQuery(ObjectHistoryDocument, organization.hasTags ? { id } : undefined, { maxAge: MAX_AGE });
  const hasChanged = organization.changed.has(id);
  const { attachments } = organization;
  const { reload } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: reads again with each change.
  useEffect(() => {
    if (hasChanged) reload();
  }, [hasChanged, attachments]);
  return query;
}

export const changesOf = ({ data }: QueryState<ObjectHistoryQuery>) => {
  const node = data?.node;
  return node && 'history' in node ? node.history?.nodes : undefined;
};

interface HistoryProps {
  readonly history: QueryState<ObjectHistoryQuery>;
  readonly organization: Organization;
  /** Shows this many. */
  readonly max?: number;
}

/** What happened to an object, the latest first. */
export function ObjectHistory({ history, organization, max }: HistoryProps) {
  const now = useNow();
  const names = namesOf(organization);
  const changes = changesOf(history);
  const [error] = history.errors;
  if (changes === undefined) {
    if (error) return <Failure title="The history cannot be read" error={error} onRetry={history.reload} />;
    return history.isLoading ? <Skeleton rows={2} /> : <p className="muted">The gateway keeps no history.</p>;
  }
  if (changes.length === 0) return <p className="muted">No change since the gateway keeps the history.</p>;
  return (
    <ol className="history">
      {changes.slice(0, max).map((change) => {
        const { subject, verb, before, after } = describe(change, names, now);
        const isAttachment = change.type === 'POLICY_ATTACHMENT';
        return (
          <li key={change.id}>
            <span className="strong">
              {isAttachment ? `${subject} ${verb}` : verb.charAt(0).toUpperCase() + verb.slice(1)}
            </span>
            {!isAttachment && (before || after) && (
              <span className="muted truncate">
                {after?.text}
                {before && before.text !== '–' && ` from ${before.text}`}
              </span>
            )}
            <ShortMoment at={change.observedAt} />
          </li>
        );
      })}
    </ol>
  );
}

/** The names of units and policies, which the live lists have. */
const namesOf = ({ tree, attachments }: Organization): Names => ({
  get(id) {
    const policy = attachments.policies.get(id);
    return policy ? (policy.name ?? id) : tree?.nodes.get(id)?.name;
  },
});
