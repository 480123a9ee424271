import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Logger } from 'pino';
import { LoadOnce } from '../../pipeline/load-once.ts';
import { isStream, REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { withoutCost } from '../../pipeline/steps/upstream-cost.ts';
import type { Answered, ServerContext } from '../yoga/plugin.ts';
import { readAccept } from './accept.ts';
import { headerOf } from './http-carrier.ts';
import { isGone } from './is-gone.ts';
import { sendResult } from './send-result.ts';
import { sendThroughYoga } from './send-through-yoga.ts';

export type Yoga = YogaServerInstance<ServerContext, ServerContext>;

/** Yoga wants a body, whose operation does not run. */
const RUN_ALREADY = '{"query":"{ __typename }"}';

export interface YogaOnDemandOptions {
  /** Rejects when it cannot be had. */
  readonly load: () => Promise<Yoga>;
  readonly maskError: (error: unknown) => GraphQLError;
  readonly log: Logger;
  readonly observer: OperationObserver | undefined;
}

/**
 * Yoga, for what the lean ways do not take. Many gateways are never asked anything else, and Yoga is a quarter of all files that one loads: so it is loaded with the
 * first request that needs it. While it cannot be, those requests get status 500, each after another try.
 */
export class YogaOnDemand {
  readonly #yoga: LoadOnce<Yoga>;
  readonly #options: YogaOnDemandOptions;

  constructor(options: YogaOnDemandOptions) {
    this.#yoga = new LoadOnce(options.load);
    this.#options = options;
  }

  /** Answers a request whose body is not wanted. `context`: what is known of it already. */
  handle(request: IncomingMessage, response: ServerResponse, context: ServerContext): void {
    const yoga = this.#yoga.loaded;
    if (yoga !== undefined) return void yoga(request, response, context);
    this.#yoga.load().then(
      (loaded) => {
        // What is asked for by nobody is not begun.
        if (!isGone(response)) void loaded(request, response, context);
      },
      (error: unknown) => this.#options.observer?.refused('http', this.#fail(request, response, error)),
    );
  }

  /** Sends an answer that comes in parts: see `sendThroughYoga`. Never rejects. */
  sendStream(request: IncomingMessage, response: ServerResponse, answered: Answered): Promise<void> {
    return this.answer(request, response, RUN_ALREADY, { answered });
  }

  /** Answers a request whose body is read. Never rejects. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    context: ServerContext,
  ): Promise<void> {
    let yoga: Yoga;
    try {
      yoga = this.#yoga.loaded ?? (await this.#yoga.load());
    } catch (error) {
      const { answered } = context;
      const refusal = this.#fail(request, response, error);
      if (answered === undefined) this.#options.observer?.refused('http', refusal);
      else if (isStream(answered.answer)) answered.answer.return?.().catch(() => {});
      return;
    }
    // What its client no longer waits for is not begun.
    if (context.answered === undefined && isGone(response)) return;
    await sendThroughYoga(yoga, this.#options.log)(request, response, body, context);
  }

  async dispose(): Promise<void> {
    await this.#yoga.loaded?.dispose();
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown) {
    const refusal = withoutCost({ errors: [this.#options.maskError(error)] });
    const { result: type = 'application/json' } = readAccept(request.headers.accept);
    sendResult(response, refusal, type, requestIdOf(headerOf(request, REQUEST_ID_HEADER)));
    return refusal;
  }
}
