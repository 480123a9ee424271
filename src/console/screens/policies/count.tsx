import { useGatewayStatus } from '../../data/gateway-status.ts';

/** Policies, as far as the copy of the organization counts them. */
export function PoliciesCount() {
  const policies = useGatewayStatus()?.inventory?.lists.find(({ name }) => name === 'policies');
  if (!policies?.asOf) return null;
  return <span className="navigation-count">{policies.objects.toLocaleString('en-US')}</span>;
}
