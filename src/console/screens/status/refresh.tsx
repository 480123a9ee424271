import { useState } from 'react';
import { RefreshIcon } from '../../components/icons.tsx';
import { announce } from '../../components/live-region.tsx';
import { LockedButton } from '../../components/locked-button.tsx';
import { Menu } from '../../components/menu.tsx';
import { Failure } from '../../components/states.tsx';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import type { RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { counted } from '../../data/text.ts';
import { useViewer } from '../../data/viewer.ts';
import { RefreshInventoryDocument } from './status.generated.ts';

type Inventory = NonNullable<GatewayStatus['inventory']>;

const SCOPE = 'gateway:manage';

/** Reads the kept lists again. Says first how many calls that takes. */
export function RefreshNow({ inventory }: { readonly inventory: Inventory }) {
  const viewer = useViewer().data?.viewer;
  if (viewer === undefined) return null;
  if (!viewer.scopes.includes(SCOPE)) {
    return (
      <LockedButton action="Reading the lists again" scope={SCOPE}>
        Refresh now
      </LockedButton>
    );
  }
  return (
    <Menu
      label="Refresh now"
      align="end"
      role="dialog"
      button={
        <>
          <RefreshIcon /> Refresh now
        </>
      }
    >
      {(close) => <Confirm inventory={inventory} onDone={close} />}
    </Menu>
  );
}

function Confirm({ inventory, onDone }: { readonly inventory: Inventory; readonly onDone: () => void }) {
  const { queries } = useSession();
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<RequestError>();
  const { lists } = inventory;
  const calls = lists.reduce((sum, list) => sum + list.calls, 0);
  const refresh = async () => {
    if (isSending) return;
    setSending(true);
    setError(undefined);
    const { data, errors } = await queries.execute(RefreshInventoryDocument, {});
    setSending(false);
    const started = data?.refreshInventory;
    if (!started) return setError(errors[0]);
    announce(
      `Reading ${counted(started.inventory.lists.length, 'list')} again, with about ${counted(started.calls, 'call')}`,
    );
    onDone();
  };
  return (
    <div className="refresh">
      <p>
        Reads {lists.length === 1 ? 'the list' : `all ${lists.length} lists`} again with about{' '}
        <b>{counted(calls, 'call')}</b> to AWS. They keep to the rate budget, and other operations do not wait for them.
      </p>
      {error && <Failure title="The lists are not read again" error={error} />}
      <button type="button" className="button button-primary" onClick={() => void refresh()}>
        Read again with about {counted(calls, 'call')}
      </button>
    </div>
  );
}
