import './status.css';
import './count.css';
import { CopyAs } from '../../components/copy-as.tsx';
import { KeyIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { Empty, Failure, Skeleton } from '../../components/states.tsx';
import { useMachineNow } from '../../data/clock.ts';
import { GatewayStatusDocument } from '../../data/gateway-status.generated.ts';
import { type GatewayStatus, retryGatewayStatus, useGatewayStatusState } from '../../data/gateway-status.ts';
import type { RequestError } from '../../data/request.ts';
import { duration } from '../../data/time.ts';
import { useViewer } from '../../data/viewer.ts';
import { BudgetCard } from './budget.tsx';
import { CallsChart } from './calls-chart.tsx';
import { InventoryCard, PollersCard } from './lists.tsx';
import { summaryOf } from './model.ts';
import { NotificationsCard } from './notifications.tsx';
import { PrincipalsCard } from './principals.tsx';
import { RefreshNow } from './refresh.tsx';

/** The state of the gateway for the principal. */
export default function Status() {
  const { status, error } = useGatewayStatusState();
  return (
    <Page
      title="Status"
      beside={status && <Summary status={status} />}
      actions={
        <>
          {status && <Version status={status} />}
          <CopyAs
            document={String(GatewayStatusDocument)}
            aws="AWS has no such command: this is the gateway's own state."
          />
          {status?.inventory && <RefreshNow inventory={status.inventory} />}
        </>
      }
    >
      {status ? <Cards status={status} /> : error ? <NoStatus error={error} /> : <Skeleton />}
    </Page>
  );
}

function Summary({ status }: { readonly status: GatewayStatus }) {
  const { tone, text } = summaryOf(status);
  return (
    <span className="status-summary" role="status" data-tone={tone}>
      <span className="status-dot" />
      {text}
    </span>
  );
}

function Version({ status: { version, startedAt } }: { readonly status: GatewayStatus }) {
  const now = useMachineNow(30_000);
  return (
    <span className="status-version">
      orgql {version}, up {duration(now.getTime() - Date.parse(startedAt))}
    </span>
  );
}

function Cards({ status }: { readonly status: GatewayStatus }) {
  const principal = useViewer().data?.viewer.principal.name ?? '';
  const { inventory, upstreamCalls, rateBudget, pollers, notifications, principals } = status;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard.
    <div className="status-cards" tabIndex={0} role="region" aria-label="State of the gateway">
      <CallsChart minutes={upstreamCalls} principal={principal} />
      <InventoryCard inventory={inventory} pollers={pollers} />
      <BudgetCard rateBudget={rateBudget} />
      <PollersCard pollers={pollers} />
      <NotificationsCard notifications={notifications} />
      <PrincipalsCard principals={principals} />
    </div>
  );
}

function NoStatus({ error }: { readonly error: RequestError }) {
  const caller = useViewer().data?.viewer.caller;
  if (error.code !== 'FORBIDDEN') {
    return <Failure title="The status cannot be read" error={error} onRetry={retryGatewayStatus} />;
  }
  return (
    <Empty icon={<KeyIcon size={20} />} title="You may not see the status">
      You are signed in as {caller}. The status needs the scope gateway:read. The operator of this gateway can grant it.
    </Empty>
  );
}
