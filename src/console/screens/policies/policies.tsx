import './policies.css';
import { lazy, Suspense } from 'react';
import { useOpenAction } from '../../actions/use-open-action.ts';
import { Segmented } from '../../components/controls.tsx';
import { CopyAs } from '../../components/copy-as.tsx';
import { ExportCsv } from '../../components/export-csv.tsx';
import { ChevronDownIcon, ShieldIcon } from '../../components/icons.tsx';
import { Menu } from '../../components/menu.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, errorOf, Failure, ListStates, Skeleton } from '../../components/states.tsx';
import { setParams, useParam } from '../../data/location.ts';
import { policies as policiesList } from '../../data/organization/lists.ts';
import { typeName } from '../../data/organization/policy-types.ts';
import { counted } from '../../data/text.ts';
import { useOwnOrganization } from '../../data/viewer.ts';
import { EnableTypeButton, NewPolicyButton, TypeMenu } from './actions/policy-buttons.tsx';
import { Answered } from './answered.tsx';
import { ControlPolicyDecisionDocument } from './policies.generated.ts';
import { typeOf } from './policy.ts';
import { PolicyList } from './policy-list.tsx';
import { type PolicyTypeTab, type PolicyView, usePolicyView } from './use-policy-view.ts';

const PolicyForms = lazy(() => import('./actions/policy-forms.tsx'));

export default function Policies() {
  const view = usePolicyView();
  const { type, types, policies, account } = view;
  const [asked] = useParam('ask');
  const [policyId] = useParam('policy');
  const { action, filled, closeAction } = useOpenAction('policies');
  const own = useOwnOrganization();
  const isAsked = account !== undefined && asked !== undefined;
  const isEnabled = types.some((each) => each.type === type && each.isEnabled);
  return (
    <Page
      title="Policies"
      actions={
        <>
          <CopyAs
            document={isAsked ? String(ControlPolicyDecisionDocument) : policiesList.document}
            {...(isAsked && { variables: { accountId: account.id, action: asked } })}
            aws={
              isAsked
                ? 'AWS has no command that decides whether control policies allow an action.'
                : [`aws organizations list-policies --filter ${type}`]
            }
          />
          <ExportCsv
            name={`policies-${type.toLowerCase()}`}
            rowsOf={() => [
              ['name', 'policyId', 'type', 'awsManaged', 'accountsReached', 'description'],
              ...policies.map(({ policy, reach }) => [
                ...[policy.name, policy.id, typeOf(policy), String(policy.awsManaged), String(reach ?? '')],
                policy.description,
              ]),
            ]}
          />
          {own.isMember && isEnabled && <NewPolicyButton />}
        </>
      }
      drawer={
        action &&
        own.isMember && (
          <Suspense fallback={null}>
            <PolicyForms
              key={action}
              action={action}
              view={view}
              policy={view.organization.attachments.policies.get(policyId ?? '')}
              asked={asked}
              filled={filled}
              onClose={closeAction}
            />
          </Suspense>
        )
      }
    >
      <TypeTabs type={type} types={types} />
      <Content view={view} />
    </Page>
  );
}

const choose = (type: string) =>
  setParams({
    type,
    policy: undefined,
    ...(type.endsWith('CONTROL_POLICY') ? {} : { ask: undefined }),
    action: undefined,
  });

function TypeTabs({ type, types }: { readonly type: string; readonly types: readonly PolicyTypeTab[] }) {
  const enabled = types.filter((each) => each.isEnabled || each.count > 0 || each.type === type);
  const others = types.filter((each) => !enabled.includes(each));
  return (
    <div className="policy-tabs">
      <Segmented
        label="Policy type"
        kind="tabs"
        value={type}
        options={enabled.map((each) => ({ value: each.type, label: typeName(each.type), count: each.count }))}
        onChange={choose}
      />
      {others.length > 0 && (
        <Menu
          className="policy-tabs-more"
          label="Types that are not enabled"
          role="dialog"
          button={
            <>
              {counted(others.length, 'type')} not enabled <ChevronDownIcon size={14} />
            </>
          }
        >
          {() => (
            <div className="policy-tabs-list">
              <p className="muted">These types are not enabled in the organization’s root:</p>
              <ul>
                {others.map((each) => (
                  <li key={each.type}>
                    {typeName(each.type)} <EnableTypeButton type={each.type} />
                  </li>
                ))}
              </ul>
            </div>
          )}
        </Menu>
      )}
      {types.some((each) => each.type === type && each.isEnabled) && <TypeMenu type={type} />}
    </div>
  );
}

function Content({ view }: { readonly view: PolicyView }) {
  const own = useOwnOrganization();
  const { organization, type, policies, account } = view;
  const { tree, error, reload, accounts, units, policyLists } = organization;
  if (!own.isLoading && !own.isMember) {
    return (
      <Empty icon={<ShieldIcon size={20} />} title="This account is in no organization">
        The policies of its organization would be here.
      </Empty>
    );
  }
  if (error && organization.frame?.root == null) {
    return <Failure title="The policies cannot be read" error={error} onRetry={reload} />;
  }
  const [policyList] = policyLists;
  const lists = [...policyLists, accounts, units];
  const list = lists.find(({ status }) => errorOf(status)) ?? policyList ?? accounts;
  const isEnabled = view.types.some((each) => each.type === type && each.isEnabled);
  return (
    <ListStates title="The policies cannot be read" list={list}>
      {policies.length === 0 && view.isComplete ? (
        <Empty
          icon={<ShieldIcon size={20} />}
          title={`No ${typeName(type)} policies yet`}
          actions={isEnabled ? <NewPolicyButton /> : <EnableTypeButton type={type} />}
        >
          The policies of this type would be here, with the accounts that they reach.
          {!isEnabled && ' The type is not enabled.'}
        </Empty>
      ) : tree === undefined || account === undefined || !view.isComplete ? (
        <div className="policies">
          <PolicyList
            policies={policies}
            accountCount={0}
            openId={undefined}
            onOpen={(policy) => setParams({ policy }, { replace: true })}
            changed={organization.changedPolicies}
          />
          <Skeleton rows={16} />
        </div>
      ) : (
        <Answered key={type} view={view} tree={tree} account={account} />
      )}
    </ListStates>
  );
}
