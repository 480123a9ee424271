import { useEffect, useMemo, useRef } from 'react';
import { setParams, useParam } from '../../data/location.ts';
import { type AccountNode, type OrganizationTree, pathOf } from '../../data/organization/tree.ts';
import type { QueryState } from '../../data/queries.ts';
import { useQuery } from '../../data/use-query.ts';
import { answerOf } from './answer.ts';
import { conditionOf } from './condition-words.ts';
import { EverythingDenied } from './denied.tsx';
import { EffectivePolicy } from './effective.tsx';
import { Layers } from './layers.tsx';
import {
  ActionsInPoliciesDocument,
  ControlPolicyDecisionDocument,
  DeniedActionsDocument,
  type DeniedActionsQueryVariables,
  PolicyContentDocument,
} from './policies.generated.ts';
import { typeOf } from './policy.ts';
import { PolicyList } from './policy-list.tsx';
import { PolicyPanel } from './policy-panel.tsx';
import { AccountField, Question } from './question.tsx';
import { isControlType } from './reach.ts';
import type { PolicyView } from './use-policy-view.ts';

/** The copy of the organization answers up to this age, in seconds. What a live list shows to have changed is read again. */
const MAX_AGE = 900;

interface AnsweredProps {
  readonly view: PolicyView;
  readonly tree: OrganizationTree;
  readonly account: AccountNode;
}

/** The policies of a type, what they mean for an account, and the open one. */
export function Answered({ view, tree, account }: AnsweredProps) {
  const { organization, type, policies } = view;
  const { attachments, managementAccountId } = organization;
  const [action] = useParam('ask');
  const [policyParam, setPolicy] = useParam('policy');
  const isControl = isControlType(type);
  const policyType = type as DeniedActionsQueryVariables['type'];

  const decided = useQuery(
    ControlPolicyDecisionDocument,
    isControl && action !== undefined ? { accountId: account.id, action } : undefined,
    { maxAge: MAX_AGE },
  );
  const denied = useQuery(DeniedActionsDocument, isControl ? { accountId: account.id, type: policyType } : undefined, {
    maxAge: MAX_AGE,
  });
  const named = useQuery(ActionsInPoliciesDocument, isControl ? { type: policyType } : undefined, { maxAge: MAX_AGE });
  const decision = decided.data?.account?.controlPolicyDecision;
  const answer = useMemo(() => decision && answerOf(decision), [decision]);
  const [decidingId] = answer?.deciding.keys() ?? [];

  const shown =
    policies.find(({ policy }) => policy.id === policyParam) ??
    policies.find(({ policy }) => policy.id === decidingId) ??
    policies[0];
  const content = useQuery(PolicyContentDocument, shown && { id: shown.policy.id }, { maxAge: MAX_AGE });
  const depends = useQuery(
    PolicyContentDocument,
    answer && answer.tone !== 'green' && decidingId !== undefined ? { id: decidingId } : undefined,
    { maxAge: MAX_AGE },
  );
  const condition = conditionOf(depends.data?.policy?.content, answer?.deciding.get(decidingId ?? ''));

  useReload(account, attachments, [
    ...(action === undefined ? [] : [decided]),
    ...(isControl ? [denied] : []),
    content,
  ]);

  const actions = useMemo(() => actionsOf(named.data?.organization?.policies?.nodes ?? []), [named.data]);
  const open = (id: string) => {
    const policy = attachments.policies.get(id);
    setParams({ policy: id, ...(policy && typeOf(policy) !== type && { type: typeOf(policy) }) }, { replace: true });
  };
  const setAccount = (id: string) => setParams({ account: id, policy: undefined }, { replace: true });
  const accountField = { tree, account, managementAccountId, onAccount: setAccount };
  const levels = decision?.levels.filter((level) => level.type === type);
  return (
    <div className="policies">
      <PolicyList
        policies={policies}
        accountCount={tree.accountCount}
        openId={shown?.policy.id}
        onOpen={setPolicy}
        changed={organization.changedPolicies}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard. */}
      <div className="policies-middle" role="region" aria-label="Levels" tabIndex={0}>
        {isControl ? (
          <Question
            {...accountField}
            action={action}
            actions={actions}
            onAction={(next) => setParams({ ask: next, policy: undefined }, { replace: true })}
            answer={decided.isLoading ? undefined : answer}
            error={decided.errors[0]}
            condition={condition}
          />
        ) : (
          <section className="card question" aria-label="Account">
            <div className="question-form">
              <span>For</span>
              <AccountField {...accountField} />
            </div>
          </section>
        )}
        <div className="policies-heading">
          <h2>From the root to the account</h2>
          <span className="muted">
            {isControl ? 'Every level has to allow it, none may deny it' : 'AWS merges the levels into one policy'}
          </span>
        </div>
        <Layers
          account={account}
          type={type}
          attachments={attachments}
          levels={levels && levels.length > 0 ? levels : undefined}
          answer={answer}
          openId={shown?.policy.id}
          onOpen={open}
        />
        {isControl ? (
          <EverythingDenied
            account={account}
            levels={denied.data?.account?.policyLevels}
            error={denied.errors[0]}
            onRetry={denied.reload}
          />
        ) : (
          <EffectivePolicy account={account} type={type} />
        )}
      </div>
      {shown && <PolicyPanel shown={shown} organization={organization} content={content} answer={answer} />}
    </div>
  );
}

/** Reads again what depends on policies, attachments and the account's place, when one of them changes. */
function useReload(account: AccountNode, attachments: object, queries: readonly QueryState<unknown>[]): void {
  const latest = useRef(queries);
  latest.current = queries;
  const { id } = account;
  const path = `${pathOf(account).map((node) => node.id)}`;
  const seen = useRef({ id, path, attachments });
  useEffect(() => {
    const { current: before } = seen;
    if (before.path === path && before.attachments === attachments) return;
    seen.current = { id, path, attachments };
    for (const { data, reload } of latest.current) {
      // A new query of another account reads by itself. A known one may be older than the change.
      if (before.id === id || data !== null) reload();
    }
  }, [id, path, attachments]);
}

/** The actions that statements name, without wildcards, in their order. */
function actionsOf(policies: readonly { readonly document: unknown }[]): readonly string[] {
  const actions = new Set<string>();
  for (const { document } of policies) {
    const statements = [(document as { Statement?: unknown } | null)?.Statement].flat();
    for (const statement of statements) {
      for (const action of [(statement as { Action?: unknown } | null | undefined)?.Action].flat()) {
        if (typeof action === 'string' && !/[*?]/.test(action)) actions.add(action);
      }
    }
  }
  return [...actions].sort();
}
