import { AccountId } from '../../components/controls.tsx';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import { useOrganizationName, useViewer } from '../../data/viewer.ts';
import { principalColor } from '../../shell/principal-picker.tsx';
import { Card, StatusTable } from './table.tsx';

/** Whether AWS answers each principal of the caller. */
export function PrincipalsCard({ principals }: Pick<GatewayStatus, 'principals'>) {
  const viewer = useViewer().data?.viewer;
  return (
    <Card title="Principals" note="Sets of AWS credentials that you may use">
      <StatusTable
        name="principals"
        label="Principals"
        columns={['Principal', 'Organization', 'Account', 'State']}
        hasHiddenHeader
        rows={principals.map(({ name, accountId, ready, code }) => ({
          key: name,
          cells: [
            <span key="name" className="status-principal">
              <span className="status-edge" style={{ background: principalColor(viewer, name) }} />
              {name}
            </span>,
            <OrganizationName key="organization" principal={name} />,
            <AccountId key="account" id={accountId} />,
            <span key="state" className="status-ready" data-tone={ready ? 'green' : 'red'}>
              <span className="status-dot" />
              {ready ? 'Ready' : 'Not ready'}
            </span>,
          ],
          error: ready ? undefined : `AWS did not answer the last call, or refused the credentials: ${code}`,
        }))}
      />
    </Card>
  );
}

function OrganizationName({ principal }: { readonly principal: string }) {
  const { isLoading, isMember, name } = useOrganizationName(principal);
  if (isLoading) return null;
  if (!isMember) return <>In no organization</>;
  // Without the name of the management account there is only the principal's.
  return <>{name === principal ? '–' : name}</>;
}
