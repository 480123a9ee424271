import type { Plugin } from 'graphql-yoga';
import type { Answer, Carrier, Operation } from '../../pipeline/operation.ts';

/** An operation that has run, with its answer. */
export interface Answered {
  readonly operation: Operation;
  readonly answer: Answer;
}

/** What a request may bring along for Yoga's plugins. */
export interface ServerContext {
  /** Where the operation has run already, and its answer is only to be sent. */
  readonly answered?: Answered;
  /** The request, where it has an operation. */
  readonly carrier?: Carrier;
  /** Charges the caller for the time that parsing its body took, in ms; absent for a small body. */
  readonly charge?: (ms: number) => void;
}

export type ServerPlugin = Plugin<ServerContext, ServerContext>;
