import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { REQUEST_ID_HEADER } from '../carried-headers.ts';
import type { ClientAddresses } from '../client-address.ts';
import { type Answer, isStream, Operation } from '../operation.ts';
import type { OperationObserver } from '../operation-observer.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Answered } from '../plugins/plugin.ts';
import { requestIdOf } from '../steps/request-id.ts';
import { withoutCost } from '../steps/upstream-cost.ts';
import { isCrossOrigin } from '../web-origin.ts';
import { readAccept } from './accept.ts';
import { addressOf, HttpCarrier, headerOf } from './http-carrier.ts';
import { paramsOfJson } from './json-body.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { sendResult } from './send-result.ts';

export interface LeanPostOptions {
  readonly endpoint: string;
  readonly pipeline: Pipeline;
  readonly addresses: ClientAddresses;
  /** Bytes of a body. */
  readonly maximum: number;
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

const JSON_TYPE = /^application\/json(?:;|$)/;

/**
 * The common request, JSON in and JSON out by POST, without the objects of the Fetch standard, which cost more than all the rest. It answers as Yoga does; what
 * it does not take (false), before anything of it is read, is for Yoga: other methods, types and encodings, pages of other origins, answers in parts.
 */
export function leanPost({ endpoint, pipeline, addresses, maximum, maskError, observer, sendStream }: LeanPostOptions) {
  const takes = ({ method, url, headers }: IncomingMessage): boolean =>
    method === 'POST' &&
    url === endpoint &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    isLength(headers['content-length'], maximum) &&
    isSameOrigin(headers);

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!takes(request)) return false;
    const { result: type, asksForStream } = readAccept(request.headers.accept);
    if (type === undefined || asksForStream) return false;
    const requestId = requestIdOf(headerOf(request, REQUEST_ID_HEADER));
    const address = addressOf(request, addresses);

    const refuse = (error: unknown): void => {
      const refusal = withoutCost({ errors: [maskError(error)] });
      observer?.refused('http', refusal);
      sendResult(response, refusal, type, requestId);
    };

    readBody(request, maximum, (error, body) => {
      if (error !== undefined) {
        // A body that breaks off has nobody to answer to.
        if (error instanceof BodyTooLarge) refuse(tooLarge());
        return;
      }
      let operation: Operation;
      try {
        operation = new Operation(new HttpCarrier(request, response, address), paramsOfJson(body));
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
  };
}

/** A length that is wrong, or too large, is Yoga's to refuse. */
function isLength(length: string | undefined, maximum: number): boolean {
  return length === undefined || (/^\d+$/.test(length) && Number(length) <= maximum);
}

/** What a browser sends for a page of another origin, allowed or not, has headers of its own to be answered with. */
function isSameOrigin(headers: IncomingMessage['headers']): boolean {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) return true;
  return !isCrossOrigin({ get: (name) => headers[name]?.toString() }, NONE);
}

const NONE: readonly string[] = [];

const tooLarge = () =>
  new GraphQLError('Request body too large', {
    extensions: { http: { status: 413 }, code: 'REQUEST_ENTITY_TOO_LARGE' },
  });
