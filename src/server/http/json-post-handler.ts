import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { REQUEST_ID_HEADER } from '../carried-headers.ts';
import { ENDPOINT } from '../endpoint.ts';
import { type Answer, isStream, Operation } from '../operation.ts';
import type { OperationObserver } from '../operation-observer.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Answered } from '../plugins/plugin.ts';
import { requestIdOf } from '../steps/request-id.ts';
import { withoutCost } from '../steps/upstream-cost.ts';
import { isCrossOrigin } from '../web-origin.ts';
import { type ResultType, readAccept } from './accept.ts';
import { type HttpCarrier, headerOf } from './http-carrier.ts';
import { paramsOfJson } from './json-body.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { sendResult } from './send-result.ts';

export interface JsonPostOptions {
  readonly pipeline: Pipeline;
  /** See `limits.bodyBytes`. */
  readonly maxBytes: number;
  readonly maskError: (error: unknown) => GraphQLError;
  readonly observer: OperationObserver | undefined;
  /** Sends an answer that is no single result. `body` is the request's. Never rejects. */
  readonly sendStream: (
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    answered: Answered,
  ) => Promise<void>;
}

export interface JsonPostHandler {
  /** The media type of the answer; undefined for a request that is for Yoga. */
  resultType(request: IncomingMessage): ResultType | undefined;
  /** Answers a request; returns false, with nothing read of it, for one that is for Yoga. */
  handle(request: IncomingMessage, response: ServerResponse, carrier: HttpCarrier): boolean;
}

const JSON_TYPE = /^application\/json(?:;|$)/;

/**
 * Answers the common request, JSON in and JSON out by POST, without the objects of the Fetch standard, which cost more than all the rest. It answers as Yoga does. Yoga gets
 * other methods, types and encodings, pages of other origins, and answers in parts.
 */
export function createJsonPostHandler(options: JsonPostOptions): JsonPostHandler {
  const { pipeline, maxBytes, maskError, observer, sendStream } = options;

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

  function handle(request: IncomingMessage, response: ServerResponse, carrier: HttpCarrier): boolean {
    const type = resultType(request);
    if (type === undefined) return false;
    const requestId = requestIdOf(headerOf(request, REQUEST_ID_HEADER));

    const refuse = (error: unknown): void => {
      const refusal = withoutCost({ errors: [maskError(error)] });
      observer?.refused('http', refusal);
      sendResult(response, refusal, type, requestId);
    };

    readBody(request, maxBytes, (error, body) => {
      if (error !== undefined) {
        // A body that breaks off has no reader for an answer.
        if (error instanceof BodyTooLarge) refuse(bodyTooLarge());
        return;
      }
      let operation: Operation;
      try {
        operation = new Operation(carrier, paramsOfJson(body));
      } catch (cause) {
        return refuse(cause);
      }
      operation.requestId = requestId;
      const answered = (answer: Answer): void => {
        try {
          if (isStream(answer)) void sendStream(request, response, body, { operation, answer });
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
    });
    return true;
  }

  return { resultType, handle };
}

/** A browser's request for a page of another origin, allowed or not, is answered with headers of CORS, which Yoga has. */
function isSameOrigin(headers: IncomingMessage['headers']): boolean {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return true;
  return !isCrossOrigin({ get: (name) => headers[name]?.toString() }, NO_ORIGINS);
}

const NO_ORIGINS: readonly string[] = [];

export const bodyTooLarge = () =>
  new GraphQLError('Request body too large', {
    extensions: { http: { status: 413 }, code: 'REQUEST_ENTITY_TOO_LARGE' },
  });
