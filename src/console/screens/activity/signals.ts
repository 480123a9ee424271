import { useEffect } from 'react';
import { useSession } from '../../data/session.tsx';
import {
  AccountSignalsDocument,
  AttachmentSignalsDocument,
  InvitationSignalsDocument,
  PolicySignalsDocument,
  TransferSignalsDocument,
  UnitSignalsDocument,
} from './activity.generated.ts';

const DOCUMENTS: readonly string[] = [
  AccountSignalsDocument,
  UnitSignalsDocument,
  PolicySignalsDocument,
  AttachmentSignalsDocument,
  InvitationSignalsDocument,
  TransferSignalsDocument,
].map(String);

/** The least time between two calls of the listener, in ms. */
const THROTTLE_MS = 500;

/** Calls `onChange` soon after something has changed. The events say that, the history says what. */
export function useSignals(onChange: () => void): void {
  const { connection } = useSession();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        onChange();
      }, THROTTLE_MS);
    };
    const unsubscribe = DOCUMENTS.map((document) =>
      connection.client.subscribe<Record<string, { readonly type: string }>>(
        { query: document },
        {
          next: ({ data }) => {
            // A BOOKMARK ends the snapshot, also after a lost connection: something may have been missed.
            if (data && Object.values(data).some(({ type }) => type !== 'SNAPSHOT')) soon();
          },
          // A list that AWS refuses has no changes to show.
          error: () => {},
          complete: () => {},
        },
      ),
    );
    return () => {
      clearTimeout(timer);
      for (const end of unsubscribe) end();
    };
  }, [connection, onChange]);
}
