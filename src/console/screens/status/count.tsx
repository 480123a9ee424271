import './count.css';
import { useGatewayStatus } from '../../data/gateway-status.ts';
import { failuresOf } from './model.ts';

/** A red dot when something fails. */
export function StatusCount() {
  const status = useGatewayStatus();
  if (status === undefined || failuresOf(status) === 0) return null;
  return (
    <span className="navigation-count">
      <span className="status-dot" data-tone="red" />
      <span className="visually-hidden">something fails</span>
    </span>
  );
}
