import { AlertIcon } from '../../components/icons.tsx';
import { Failure, Skeleton } from '../../components/states.tsx';
import { Moment } from '../../components/time.tsx';
import { typeName } from '../../data/organization/policy-types.ts';
import type { AccountNode } from '../../data/organization/tree.ts';
import { useQuery } from '../../data/use-query.ts';
import { DocumentView } from './document-view.tsx';
import { EffectivePolicyDocument, type EffectivePolicyQueryVariables } from './policies.generated.ts';

interface EffectiveProps {
  readonly account: AccountNode;
  readonly type: string;
}

/** In seconds. AWS merges policies within minutes. */
const MAX_AGE = 60;

/** What AWS makes of the policies of all levels, for types that it merges. */
export function EffectivePolicy({ account, type }: EffectiveProps) {
  const { data, errors, reload } = useQuery(
    EffectivePolicyDocument,
    { accountId: account.id, type: type as EffectivePolicyQueryVariables['type'] },
    { maxAge: MAX_AGE },
  );
  const [error] = errors;
  const effective = data?.account?.effectivePolicy;
  const problems = data?.account?.effectivePolicyValidationErrors?.nodes ?? [];
  return (
    <section className="card effective" aria-label="Effective policy">
      <div className="denied-head">
        <h2>Effective policy</h2>
        {effective?.lastUpdatedTimestamp && (
          <span className="muted">
            Merged <Moment at={effective.lastUpdatedTimestamp} />
          </span>
        )}
      </div>
      {problems.map(({ errorCode, errorMessage, pathToError }) => (
        <p key={`${errorCode} ${pathToError}`} className="effective-problem">
          <AlertIcon size={14} /> {errorMessage} <code>{pathToError}</code>
        </p>
      ))}
      {effective?.policyContent ? (
        <DocumentView
          content={effective.policyContent}
          label={`Effective ${typeName(type)} policy of ${account.name}`}
        />
      ) : error ? (
        <Failure title="The effective policy cannot be read" error={error} onRetry={reload} />
      ) : data === null ? (
        <Skeleton rows={6} />
      ) : (
        <p className="muted">No policy of this type reaches the account.</p>
      )}
    </section>
  );
}
