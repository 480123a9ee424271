import './first-reading.css';
import { useMachineNow } from '../../data/clock.ts';
import { useGatewayStatus } from '../../data/gateway-status.ts';
import { counted } from '../../data/text.ts';
import { duration } from '../../data/time.ts';

/** How far the first reading of the organization is. Nothing without the copy, whose progress the gateway knows. */
export function FirstReading() {
  const status = useGatewayStatus();
  const now = useMachineNow(1_000).getTime();
  const accounts = status?.inventory?.lists.find(({ name }) => name === 'accounts');
  if (status === undefined || accounts === undefined || accounts.asOf !== null) return null;
  const { objects, progress } = accounts;
  const elapsed = now - Date.parse(status.startedAt);
  const left = progress > 0 ? (elapsed * (1 - progress)) / progress : undefined;
  return (
    <div className="first-reading">
      <p>
        <b>{counted(objects, 'account')} so far</b>
        {left !== undefined && <span className="muted">about {duration(left)} left</span>}
      </p>
      <progress aria-label="Accounts read" value={progress} />
      <p className="muted">
        The gateway copies the organization for the first time, within AWS’s rates. Next time it is there at once.
      </p>
    </div>
  );
}
