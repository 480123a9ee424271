import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { Connection } from './connection.ts';
import { Lists } from './lists.ts';
import { Queries } from './queries.ts';

/** What the page knows as one principal. A change of the principal starts another one: principals share no data. */
export class Session {
  /** Undefined for the caller's first. */
  readonly principal: string | undefined;
  readonly connection: Connection;
  readonly lists: Lists;
  readonly queries: Queries;
  readonly #controller = new AbortController();
  /** Aborted when the session ends. */
  readonly signal = this.#controller.signal;

  constructor(principal: string | undefined) {
    this.principal = principal;
    this.connection = new Connection(principal);
    this.lists = new Lists(this.connection.transport);
    this.queries = new Queries(principal);
  }

  close(): void {
    this.#controller.abort();
    this.lists.close();
    this.queries.close();
    this.connection.close();
  }
}

const SessionContext = createContext<Session | undefined>(undefined);

export function SessionProvider({
  principal,
  children,
}: {
  readonly principal: string | undefined;
  readonly children: ReactNode;
}) {
  const [session, setSession] = useState<Session>();
  useEffect(() => {
    const opened = new Session(principal);
    setSession(opened);
    return () => opened.close();
  }, [principal]);
  if (session === undefined || session.principal !== principal) return null;
  return (
    <SessionContext value={session} key={principal ?? ''}>
      {children}
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('there is no session');
  return session;
}
