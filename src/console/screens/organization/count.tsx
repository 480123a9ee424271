import { useGatewayStatus } from '../../data/gateway-status.ts';

/** Accounts, as far as the copy of the organization counts them: AWS does not. */
export function AccountsCount() {
  const accounts = useGatewayStatus()?.inventory?.lists.find(({ name }) => name === 'accounts');
  if (!accounts?.asOf) return null;
  return <span className="navigation-count">{accounts.objects.toLocaleString('en-US')}</span>;
}
