import { Failure, Skeleton } from '../../components/states.tsx';
import type { TreeNode } from '../../data/organization/tree.ts';
import type { QueryState } from '../../data/queries.ts';
import { useQuery } from '../../data/use-query.ts';
import { AccountDetailsDocument, RootDetailsDocument, UnitDetailsDocument } from './organization.generated.ts';

/** An object that a panel shows is not older, in seconds. */
const MAX_AGE = 60;

/** All fields of an object, as AWS has them. */
export function useDetails({ kind, id }: TreeNode) {
  const account = useQuery(AccountDetailsDocument, kind === 'account' ? { id } : undefined, { maxAge: MAX_AGE });
  const unit = useQuery(UnitDetailsDocument, kind === 'unit' ? { id } : undefined, { maxAge: MAX_AGE });
  const root = useQuery(RootDetailsDocument, kind === 'root' ? {} : undefined, { maxAge: MAX_AGE });
  const { data, ...rest } = { account, unit, root }[kind] as QueryState<object>;
  const details = account.data?.account ?? unit.data?.organizationalUnit ?? root.data?.root ?? undefined;
  return { ...rest, isRead: data !== null, details };
}

export function RawObject({ node }: { readonly node: TreeNode }) {
  const { details, errors, reload, isRead } = useDetails(node);
  const [error] = errors;
  if (details === undefined && error)
    return <Failure title={`${node.name} cannot be read`} error={error} onRetry={reload} />;
  if (!isRead) return <Skeleton rows={6} />;
  return <pre className="raw">{JSON.stringify(details, undefined, 2)}</pre>;
}
