import { getOperationAST } from 'graphql';
import type { OperationObserver } from '../operation-observer.ts';
import { isStream, type ServerPlugin } from './plugin.ts';

/** Tells the observer of every operation. What came over a WebSocket is told to be answered there, where its answer is complete. */
export function useObserver(observer: OperationObserver | undefined): ServerPlugin {
  if (!observer) return {};
  const onNext = ({ result }: { result: object }) => observer.sent(result);
  return {
    onParams({ request }) {
      observer.began(request);
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      observer.understood(contextValue.request, getOperationAST(document, operationName)?.operation ?? 'query');
      return { onExecuteDone: ({ result }) => (isStream(result) ? { onNext } : undefined) };
    },
    onSubscribe({ args: { contextValue } }) {
      observer.understood(contextValue.request, 'subscription');
      return { onSubscribeResult: ({ result }) => (isStream(result) ? { onNext } : undefined) };
    },
    onResultProcess({ request, result }) {
      if (!Array.isArray(result)) observer.answered(request, 'http', result);
    },
  };
}
