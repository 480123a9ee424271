import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { type Answer, isStream, Operation, REQUEST_ID_HEADER } from '../../pipeline/operation.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { OperationObserver } from '../../pipeline/steps/observer.ts';
import { requestIdOf } from '../../pipeline/steps/request-id.ts';
import { withoutCost } from '../../pipeline/steps/upstream-cost.ts';
import { ENDPOINT } from '../endpoint.ts';
import { isCrossOrigin } from '../web-origin.ts';
import type { Answered } from '../yoga/plugin.ts';
import { type ResultType, readAccept } from './accept.ts';
import { type HttpCarrier, headerOf } from './http-carrier.ts';
import { paramsOfJson } from './json-body.ts';
import { sendResult } from './send-result.ts';

export interface JsonPostOptions {
  readonly pipeline: Pipeline;
  readonly maskError: (error: unknown) => GraphQLError;
  readonly observer: OperationObserver | undefined;
  /** Sends an answer that is no single result. Never rejects. */
  readonly sendStream: (request: IncomingMessage, response: ServerResponse, answered: Answered) => Promise<void>;
}

export interface JsonPostHandler {
  /** The media type of the answer; undefined for a request that is for Yoga. */
  resultType(request: IncomingMessage): ResultType | undefined;
  /** Answers a request whose body is read. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    carrier: HttpCarrier,
    type: ResultType,
    body: string,
  ): void;
}

const JSON_TYPE = /^application\/json(?:;|$)/;

/**
 * Answers the common request, JSON in and JSON out by POST, without the objects of the Fetch standard, which cost more than all the rest. It answers as Yoga does. Yoga gets
 * other methods, types and encodings, pages of other origins, and answers in parts.
 */
export function createJsonPostHandler(options: JsonPostOptions): JsonPostHandler {
  const { pipeline, maskError, observer, sendStream } = options;

  function resultType(request: IncomingMessage): ResultType | undefined {
    const { method, url, headers } = request;
    const takes =
      method === 'POST' &&
      url === ENDPOINT &&
      JSON_TYPE.test(headers['content-type'] ?? '') &&
      headers['content-encoding'] === undefined &&
      isSameOrigin(headers);
    if (!takes) return undefined;
    const { result, asksForStream } = readAccept(headers.accept);
    return asksForStream ? undefined : result;
  }

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    carrier: HttpCarrier,
    type: ResultType,
    body: string,
  ): void {
    const requestId = requestIdOf(headerOf(request, REQUEST_ID_HEADER));
    let operation: Operation;
    try {
      operation = new Operation(carrier, paramsOfJson(body));
    } catch (cause) {
      const refusal = withoutCost({ errors: [maskError(cause)] });
      observer?.refused('http', refusal);
      sendResult(response, refusal, type, requestId);
      return;
    }
    operation.requestId = requestId;
    const answered = (answer: Answer): void => {
      try {
        if (isStream(answer)) void sendStream(request, response, { operation, answer });
        else sendResult(response, answer, type, requestId);
      } catch (cause) {
        // It is in the log; its client sees a connection that ended, and no other is touched.
        maskError(cause);
        response.destroy();
      }
    };
    const answer = pipeline.run(operation);
    if (answer instanceof Promise) void answer.then(answered);
    else answered(answer);
  }

  return { resultType, handle };
}

/** A browser's request for a page of another origin, allowed or not, is answered with headers of CORS, which Yoga has. */
function isSameOrigin(headers: IncomingMessage['headers']): boolean {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return true;
  return !isCrossOrigin({ get: (name) => headers[name]?.toString() }, NO_ORIGINS);
}

const NO_ORIGINS: readonly string[] = [];
