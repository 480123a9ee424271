import { useRef, useState } from 'react';
import type { Queries } from '../data/queries.ts';
import type { RequestError } from '../data/request.ts';
import { useSession } from '../data/session.tsx';
import type { TypedDocument } from '../data/typed-document.ts';
import type { ActionError } from './exceptions.ts';

/** The member of a mutation's result that is no exception. */
export type PayloadOf<Data> = Extract<NonNullable<Data[keyof Data]>, { readonly __typename?: `${string}Payload` }>;

/** What became of one sent action. */
export type Outcome<Data> = { readonly payload: PayloadOf<Data> } | { readonly error: ActionError };

/** Codes of lost answers: AWS may have carried it out. */
const LOST = new Set([
  'NETWORK_ERROR',
  'HTTP_ERROR',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
  'ABORTED',
]);

/** Exceptions of AWS after which the same request can succeed. */
const RETRYABLE = new Set([
  'ConcurrentModificationException',
  'FinalizingOrganizationException',
  'PolicyChangesInProgressException',
  'ServiceException',
  'TooManyRequestsException',
]);

/** The error of a request, as the forms show it. */
export const ofRequest = ({ code, reason, message, requestId, retryable }: RequestError): ActionError => ({
  code,
  reason,
  message,
  requestId,
  isRetryable: retryable,
  // The gateway says of a write that can be repeated only that AWS has not received it.
  isUnknown: LOST.has(code) && !(retryable && code.startsWith('UPSTREAM_')),
});

interface Exception {
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
  readonly reason?: string | null;
}

const isException = (result: object | null | undefined): result is Exception => !!result && 'code' in result;

const ofException = ({ code, message, requestId, reason }: Exception): ActionError => ({
  code,
  reason: reason ?? undefined,
  message,
  requestId: requestId ?? undefined,
  isRetryable: RETRYABLE.has(code),
  isUnknown: false,
});

/** Sends a mutation. Its document has one field, which selects its payload and `... on Error { code message requestId }`. */
export async function sendAction<Data extends object, Variables>(
  queries: Queries,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const { data, errors } = await queries.execute(document, variables);
  const [result] = data === null ? [] : Object.values(data);
  const [error] = errors;
  if (isException(result)) return { error: ofException(result) };
  // A part of the payload that could not be read does not undo the action.
  if (result) return { payload: result };
  if (error !== undefined) return { error: ofRequest(error) };
  throw new Error('a mutation has neither a result nor an error');
}

/** Sends mutations as the principal of the page. */
export function useSend() {
  const { queries } = useSession();
  return <Data extends object, Variables>(document: TypedDocument<Data, Variables>, variables: Variables) =>
    sendAction(queries, document, variables);
}

export interface Action<Data, Variables> {
  /** Sends it once, and returns its payload; undefined if it was not carried out, or is being sent already. */
  readonly send: (variables: Variables) => Promise<PayloadOf<Data> | undefined>;
  readonly isSending: boolean;
  readonly error: ActionError | undefined;
  readonly clear: () => void;
}

/** An action of a form: at most one is sent at a time, and the last error is kept. */
export function useAction<Data extends object, Variables>(
  document: TypedDocument<Data, Variables>,
): Action<Data, Variables> {
  const sendOne = useSend();
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error: ActionError | undefined }>({
    isSending: false,
    error: undefined,
  });
  const isSending = useRef(false);
  return {
    ...state,
    clear: () => setState({ isSending: false, error: undefined }),
    send: async (variables) => {
      if (isSending.current) return undefined;
      isSending.current = true;
      setState({ isSending: true, error: undefined });
      const outcome = await sendOne(document, variables);
      isSending.current = false;
      const isDone = 'payload' in outcome;
      setState({ isSending: false, error: isDone ? undefined : outcome.error });
      return isDone ? outcome.payload : undefined;
    },
  };
}
