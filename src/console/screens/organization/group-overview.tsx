import { CopyButton } from '../../components/controls.tsx';
import { Fact } from '../../components/drawer.tsx';
import { State } from '../../components/state-icon.tsx';
import { typeName } from '../../data/organization/policy-types.ts';
import { descendantUnits, type GroupNode } from '../../data/organization/tree.ts';
import type { Organization } from '../../data/organization/use-organization-tree.ts';
import { counted } from '../../data/text.ts';
import { Tags } from './account-overview.tsx';
import { PolicyLevels } from './policy-levels.tsx';
import { useDetails } from './raw-object.tsx';

interface GroupOverviewProps {
  readonly group: GroupNode;
  readonly organization: Organization;
}

/** A unit or the root. */
export function GroupOverview({ group, organization }: GroupOverviewProps) {
  const { details } = useDetails(group);
  const isRoot = group.kind === 'root';
  const below = descendantUnits(group);
  const types = organization.frame?.root?.policyTypes ?? [];
  return (
    <>
      <div className="node-totals">
        <p>
          Accounts <b>{group.accountCount.toLocaleString('en-US')}</b> {group.accounts.length} directly
        </p>
        <p>
          Units <b>{below.toLocaleString('en-US')}</b> {group.units.length} directly
        </p>
        <p>
          Policies <b>{organization.attachments.at(group.id).filter(({ awsManaged }) => !awsManaged).length}</b>{' '}
          attached
        </p>
      </div>
      <dl className="facts node-facts-single">
        <Fact name={isRoot ? 'Root id' : 'Unit id'}>
          <span className="mono">{group.id}</span> <CopyButton text={group.id} what={isRoot ? 'root id' : 'unit id'} />
        </Fact>
        {isRoot && organization.frame?.organization && (
          <Fact name="Organization id">
            <span className="mono">{organization.frame.organization.id}</span>{' '}
            <CopyButton text={organization.frame.organization.id} what="organization id" />
          </Fact>
        )}
        <Fact name="Tags">
          <Tags tags={details?.tags?.nodes} />
        </Fact>
        {isRoot && (
          <Fact name="Policy types">
            <span className="node-tags">
              {types.map(({ type, typeRaw, status }) => (
                <State
                  key={typeRaw}
                  shape={status === 'ENABLED' ? 'done' : 'waiting'}
                  tone={status === 'ENABLED' ? 'green' : 'gray'}
                >
                  {typeName(type ?? typeRaw ?? '')}
                </State>
              ))}
              {types.length === 0 && counted(0, 'type')}
            </span>
          </Fact>
        )}
      </dl>
      <PolicyLevels
        node={group}
        organization={organization}
        title={isRoot ? 'Policies that reach every account' : 'Policies that reach this unit'}
      />
    </>
  );
}
