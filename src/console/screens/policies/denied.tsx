import { DownloadIcon } from '../../components/icons.tsx';
import { Failure } from '../../components/states.tsx';
import { saveCsv } from '../../data/csv.ts';
import type { AccountNode } from '../../data/organization/tree.ts';
import type { RequestError } from '../../data/request.ts';
import { counted } from '../../data/text.ts';
import type { DeniedActionsQuery } from './policies.generated.ts';

export type DeniedLevel = NonNullable<DeniedActionsQuery['account']>['policyLevels'][number];

interface DeniedProps {
  readonly account: AccountNode;
  readonly levels: readonly DeniedLevel[] | undefined;
  readonly error: RequestError | undefined;
  readonly onRetry: () => void;
}

/** Every action that some level denies, whatever the resource and the condition. */
export function EverythingDenied({ account, levels, error, onRetry }: DeniedProps) {
  if (error && levels === undefined) {
    return <Failure title="Denied actions cannot be read" error={error} onRetry={onRetry} />;
  }
  const denying = (levels ?? []).filter(({ deniedActions }) => deniedActions.length > 0);
  const total = new Set(denying.flatMap(({ deniedActions }) => deniedActions)).size;
  return (
    <section className="card denied" aria-label="Everything denied">
      <div className="denied-head">
        <h2>Everything denied to this account</h2>
        <span className="muted">{levels && counted(total, 'action')}</span>
        <button
          type="button"
          className="button button-plain"
          disabled={total === 0}
          onClick={() => saveCsv(`denied-${account.id}`, csvOf(account, denying))}
        >
          <DownloadIcon size={14} /> CSV
        </button>
      </div>
      {levels && total === 0 && <p className="muted">No policy of this type denies an action here or above.</p>}
      <dl>
        {denying.map(({ target, deniedActions }) => (
          <div key={target.id}>
            <dt>{target.name}</dt>
            <dd>
              <Actions actions={deniedActions} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const SHOWN = 2;

function Actions({ actions }: { readonly actions: readonly string[] }) {
  const text = actions.slice(0, SHOWN).join(', ');
  if (actions.length <= SHOWN) return <code>{text}</code>;
  return (
    <details>
      <summary>
        <code>{text},</code> <span>{actions.length - SHOWN} more</span>
      </summary>
      <code>{actions.slice(SHOWN).join(', ')}</code>
    </details>
  );
}

const csvOf = (account: AccountNode, levels: readonly DeniedLevel[]) => [
  ['accountId', 'account', 'level', 'levelId', 'action'],
  ...levels.flatMap(({ target, deniedActions }) =>
    deniedActions.map((action) => [account.id, account.name, target.name, target.id, action]),
  ),
];
