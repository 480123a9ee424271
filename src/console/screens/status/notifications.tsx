import type { Tone } from '../../components/state-icon.tsx';
import { useMachineNow } from '../../data/clock.ts';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import { counted } from '../../data/text.ts';
import { ago } from './ages.ts';
import { Card, StatusTable } from './table.tsx';

type State = GatewayStatus['notifications'][number]['state'];

const STATES: Readonly<Record<State, readonly [text: string, tone: Tone]>> = {
  ACTIVE: ['Active', 'green'],
  STANDBY: ['Another replica sends', 'blue'],
  FAILING: ['Failing', 'red'],
  DISABLED: ['Disabled by the receiver', 'red'],
  UNAVAILABLE: ['No store', 'red'],
};

/** The destinations that receive changes of the principal; nothing without one. */
export function NotificationsCard({ notifications }: Pick<GatewayStatus, 'notifications'>) {
  const now = useMachineNow(1_000);
  if (notifications.length === 0) return null;
  return (
    <Card title="Notifications" note="Destinations that receive changes">
      <StatusTable
        name="notifications"
        label="Notifications"
        columns={['Destination', 'State', 'Waiting', 'Dead letters', 'Last sent']}
        rows={notifications.map(({ name, state, pending, deadLetters, lastSentAt, error }) => {
          const [text, tone] = STATES[state];
          return {
            key: name,
            cells: [
              name,
              <span key="state" className="status-ready" data-tone={tone}>
                <span className="status-dot" />
                {text}
              </span>,
              counted(pending, 'event'),
              deadLetters,
              lastSentAt === null ? '–' : ago(lastSentAt, now),
            ],
            error: error ?? undefined,
          };
        })}
      />
    </Card>
  );
}
