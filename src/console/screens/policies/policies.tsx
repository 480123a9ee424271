import './policies.css';
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
import { Answered } from './answered.tsx';
import { ControlPolicyDecisionDocument } from './policies.generated.ts';
import { type PolicyTypeTab, type PolicyView, typeOf, usePolicyView } from './use-policy-view.ts';

export default function Policies() {
  const view = usePolicyView();
  const { type, types, policies, account } = view;
  const [action] = useParam('action');
  const isAsked = account !== undefined && action !== undefined;
  return (
    <Page
      title="Policies"
      actions={
        <>
          <CopyAs
            document={isAsked ? String(ControlPolicyDecisionDocument) : policiesList.document}
            {...(isAsked && { variables: { accountId: account.id, action } })}
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
                ...[policy.name, policy.id, typeOf(policy), String(policy.awsManaged), String(reach)],
                policy.description,
              ]),
            ]}
          />
        </>
      }
    >
      <TypeTabs type={type} types={types} />
      <Content view={view} />
    </Page>
  );
}

const choose = (type: string) =>
  setParams({ type, policy: undefined, ...(type.endsWith('CONTROL_POLICY') ? {} : { action: undefined }) });

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
                  <li key={each.type}>{typeName(each.type)}</li>
                ))}
              </ul>
            </div>
          )}
        </Menu>
      )}
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
  const lists = [...policyLists, accounts, units];
  const list = lists.find(({ status }) => errorOf(status)) ?? lists.find(({ isReady }) => !isReady) ?? accounts;
  return (
    <ListStates title="The policies cannot be read" list={list}>
      {tree === undefined || account === undefined ? (
        <Skeleton rows={16} />
      ) : policies.length === 0 ? (
        <Empty icon={<ShieldIcon size={20} />} title={`No ${typeName(type)} policies yet`}>
          The policies of this type would be here, with the accounts that they reach.
        </Empty>
      ) : (
        <Answered key={type} view={view} tree={tree} account={account} />
      )}
    </ListStates>
  );
}
