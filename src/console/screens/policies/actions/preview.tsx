import { MinusIcon, PlusIcon } from '../../../actions/icons.tsx';
import { BoxIcon } from '../../../components/icons.tsx';
import { Failure, Skeleton } from '../../../components/states.tsx';
import { type OrganizationTree, unitPath } from '../../../data/organization/tree.ts';
import { counted } from '../../../data/text.ts';
import { useQuery } from '../../../data/use-query.ts';
import { isControlType } from '../reach.ts';
import { PreviewPolicyChangeDocument, type PreviewPolicyChangeQueryVariables } from './policy-actions.generated.ts';

type Changes = PreviewPolicyChangeQueryVariables['changes'];

interface PreviewProps {
  readonly changes: Changes;
  readonly policyId: string;
  readonly type: string;
  readonly tree: OrganizationTree;
  readonly managementAccountId: string | undefined;
  /** The action of the page's question, whose decision is compared. */
  readonly asked: string | undefined;
}

/** In seconds: the copy of the organization is enough for a preview. */
const MAX_AGE = 60;

const DECISIONS: Readonly<Record<string, string>> = {
  ALLOWED: 'allowed',
  DENIED: 'denied',
  DEPENDS: 'a condition',
};

/** The accounts that gain or lose a policy by a change, before it is sent. */
export function ChangePreview({ changes, policyId, type, tree, managementAccountId, asked }: PreviewProps) {
  const decisions = isControlType(type) && asked !== undefined ? [{ action: asked }] : null;
  const { data, errors, isLoading, reload } = useQuery(
    PreviewPolicyChangeDocument,
    { changes, decisions },
    { maxAge: MAX_AGE },
  );
  const [error] = errors;
  const accounts = data?.organization?.policyPreview.accounts;
  if (accounts === undefined) {
    if (error && !isLoading) return <Failure title="There is no preview" error={error} onRetry={reload} />;
    return <Skeleton rows={3} />;
  }
  const has = (policies: readonly { readonly policy: { readonly id: string } }[]) =>
    policies.some(({ policy }) => policy.id === policyId);
  const isExempt = (id: string) => isControlType(type) && id === managementAccountId;
  const gaining = accounts.nodes.filter(({ gained }) => has(gained));
  const losing = accounts.nodes.filter(({ lost }) => has(lost));
  const concerned = [...gaining, ...losing].filter(({ account }) => !isExempt(account.id));
  const decided = accounts.nodes.flatMap(({ account, decisions: changed }) =>
    changed.map(({ before, after }) => ({ account, before: before.decision, after: after.decision })),
  );
  const more = accounts.totalCount - accounts.nodes.length;
  const verb =
    losing.length > 0 ? (concerned.length === 1 ? 'loses' : 'lose') : concerned.length === 1 ? 'gains' : 'gain';
  return (
    <section aria-label="Preview">
      <div role="status">
        <h3>
          {concerned.length === 0
            ? 'No account gains or loses it.'
            : `${counted(concerned.length, 'account')}${more > 0 ? ' or more' : ''} ${verb} it`}
        </h3>
      </div>
      {[...gaining, ...losing].some(({ account }) => isExempt(account.id)) && (
        <p className="form-hint">The management account is never limited by control policies.</p>
      )}
      {decided.length > 0 && (
        <p className="form-hint">
          <span className="mono">{asked}</span>: {decisionWords(decided)}
        </p>
      )}
      {concerned.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard.
        <ul className="preview-accounts" tabIndex={0} aria-label="Accounts concerned">
          {concerned.map(({ account }) => {
            const node = tree.nodes.get(account.id);
            return (
              <li key={account.id}>
                {losing.length > 0 ? <MinusIcon size={13} /> : <PlusIcon size={13} />} <BoxIcon size={13} />
                <span className="truncate">{node?.name ?? account.name ?? account.id}</span>
                <span className="muted truncate">{node && unitPath(node)}</span>
              </li>
            );
          })}
          {more > 0 && <li className="muted">and {more.toLocaleString('en-US')} more</li>}
        </ul>
      )}
    </section>
  );
}

interface Decided {
  readonly before: string;
  readonly after: string;
}

/** "3 accounts change from allowed to denied." */
function decisionWords(decided: readonly Decided[]): string {
  const counts = new Map<string, number>();
  for (const { before, after } of decided) {
    const words = `from ${DECISIONS[before] ?? before} to ${DECISIONS[after] ?? after}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts]
    .map(([words, count]) => `${counted(count, 'account')} ${count === 1 ? 'changes' : 'change'} ${words}.`)
    .join(' ');
}
