import { AccountId, CopyButton, TagChip } from '../../components/controls.tsx';
import { Fact } from '../../components/drawer.tsx';
import { ShortMoment } from '../../components/time.tsx';
import type { AccountNode } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';
import { PolicyLevels } from './policy-levels.tsx';
import { useDetails } from './raw-object.tsx';

interface AccountOverviewProps {
  readonly account: AccountNode;
  readonly organization: Organization;
}

export function AccountOverview({ account, organization }: AccountOverviewProps) {
  const { row } = account;
  const { details } = useDetails(account);
  // The live list has them only with the copy of the organization.
  const tags = account.tags ?? details?.tags?.nodes;
  return (
    <>
      <dl className="facts node-facts">
        <Fact name="Account id">
          <AccountId id={row.id} canCopy />
          {row.id === organization.managementAccountId && <span className="node-mark">Management account</span>}
        </Fact>
        <Fact name={row.joinedMethod === 'INVITED' ? 'Joined' : 'Created'}>
          <ShortMoment at={row.joinedTimestamp} />
        </Fact>
        <Fact name="E-mail">
          {row.email ?? '–'} {row.email && <CopyButton text={row.email} what="e-mail address" />}
        </Fact>
        <Fact name="Tags">
          <Tags tags={tags} />
        </Fact>
      </dl>
      <PolicyLevels node={account} organization={organization} title="Policies that reach this account" />
    </>
  );
}

export function Tags({
  tags,
}: {
  readonly tags: readonly { readonly key: string; readonly value: string }[] | undefined;
}) {
  if (tags === undefined || tags.length === 0) return <span>–</span>;
  return (
    <span className="node-tags">
      {tags.map(({ key, value }) => (
        <TagChip key={key} name={key} value={value} />
      ))}
    </span>
  );
}
