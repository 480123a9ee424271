import { Combobox, type ComboboxOption } from '../../components/combobox.tsx';
import { BoxIcon } from '../../components/icons.tsx';
import { StateIcon, type StateShape } from '../../components/state-icon.tsx';
import { Failure } from '../../components/states.tsx';
import type { AccountNode, OrganizationTree } from '../../data/organization/tree.ts';
import { unitPath } from '../../data/organization/tree.ts';
import type { RequestError } from '../../data/request.ts';
import { fold, matcher } from '../../data/text.ts';
import type { Answer } from './answer.ts';

interface AccountFieldProps {
  readonly tree: OrganizationTree;
  readonly account: AccountNode;
  readonly managementAccountId: string | undefined;
  readonly onAccount: (id: string) => void;
}

/** Chooses the account, by name, e-mail address or id. */
export function AccountField({ tree, account, managementAccountId, onAccount }: AccountFieldProps) {
  function* optionsOf(typed: string): Iterable<ComboboxOption> {
    const matches = matcher(typed);
    for (const each of tree.accounts) {
      if (!matches(each.name, each.row.email, each.id)) continue;
      const note = each.id === managementAccountId ? 'Management, never limited' : unitPath(each);
      yield { value: each.id, label: each.name, note };
    }
  }
  return (
    <Combobox
      className="question-account"
      label="Account"
      placeholder="An account"
      icon={<BoxIcon />}
      shown={account.name}
      optionsOf={optionsOf}
      onChoose={onAccount}
    />
  );
}

interface QuestionProps extends AccountFieldProps {
  readonly action: string | undefined;
  /** Actions that policies of the organization name. */
  readonly actions: readonly string[];
  readonly onAction: (action: string | undefined) => void;
  readonly answer: Answer | undefined;
  readonly error: RequestError | undefined;
  /** Of a statement with a condition, in words and as it is. */
  readonly condition: { readonly words: string; readonly json: string } | undefined;
}

const SHAPES: Readonly<Record<Answer['tone'], StateShape>> = { green: 'done', red: 'refused', amber: 'question' };

/** "Can [account] do [action]?", and the answer. */
export function Question(props: QuestionProps) {
  const { account, action, actions, onAction, answer, error, condition, managementAccountId } = props;
  const optionsOf = (typed: string): readonly ComboboxOption[] => {
    const wanted = fold(typed.trim());
    return actions.filter((each) => fold(each).includes(wanted)).map((value) => ({ value, label: value }));
  };
  return (
    <section className="card question" aria-label="Question">
      <div className="question-form">
        <span>Can</span>
        <AccountField {...props} />
        <span>do</span>
        <Combobox
          className="question-action"
          label="Action"
          placeholder="service:Action, such as s3:PutObject"
          shown={action ?? ''}
          optionsOf={optionsOf}
          onChoose={onAction}
          onText={(typed) => onAction(typed === '' ? undefined : typed)}
        />
        <span>?</span>
      </div>
      {error && action && <Failure title="There is no answer" error={error} />}
      <div className="question-answer" role="status" data-tone={answer?.tone}>
        {answer ? (
          <>
            <StateIcon shape={SHAPES[answer.tone]} tone={answer.tone} />
            <div>
              <p className="question-sentence">{answer.sentence}</p>
              <p className="muted">Looks at control policies only. Roles inside the account can limit it further.</p>
              {condition && (
                <details>
                  <summary>It is denied if {condition.words}</summary>
                  <pre>{condition.json}</pre>
                </details>
              )}
            </div>
          </>
        ) : (
          !error && (
            <p className="muted">
              {account.id === managementAccountId
                ? 'Control policies never limit the management account.'
                : 'Choose an action to see which policy decides, and at which level.'}
            </p>
          )
        )}
      </div>
    </section>
  );
}
