import type { ExecutionResult } from 'graphql';

/** Who looks on while operations are answered. Told in this order, for each; `request` stands for the operation on every transport. */
export interface OperationObserver {
  began(request: Request): void;
  /** It is valid, and of this type. */
  understood(request: Request, type: 'query' | 'mutation' | 'subscription'): void;
  answered(
    request: Request,
    transport: 'http' | 'websocket',
    result: ExecutionResult | AsyncIterable<ExecutionResult>,
  ): void;
  /** One part of an answer that comes in parts, or one event. */
  sent(result: ExecutionResult): void;
}
