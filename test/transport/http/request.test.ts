import { describe, expect, test } from 'vitest';
import { normalizeHeaders } from '../../../src/transport/http/request.ts';
import { send } from '../../support/http.ts';
import { startPlainServer } from '../../support/plain-server.ts';

const written = (headers: Record<string, string>) => {
  normalizeHeaders(headers);
  return headers;
};

test.for([
  ['APPLICATION/JSON', 'application/json'],
  ['Application/Json ; charset=UTF-8', 'application/json; charset=UTF-8'],
  ['multipart/form-data; boundary=Xy', 'multipart/form-data; boundary=Xy'],
  ['', ''],
] as const)('a content type of "%s" is read as "%s"', ([sent, read]) => {
  expect(written({ 'content-type': sent })).toEqual({ 'content-type': read });
});

test.for([
  ['*/*', '*/*'],
  ['text/html, */*;q=0.8', 'text/html, */*;q=0.8'],
  [
    'application/json;q=0.5, application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.5',
  ],
  ['a/b; Q = 0.1, c/d; q=0.10, e/f;q=0.2', 'e/f;q=0.2, a/b; Q = 0.1, c/d; q=0.10'],
  ['application/json;q=0, */*', '*/*'],
  ['application/json;q=0.000', 'none/none'],
  ['a/b;q=2, c/d;q=x, e/f', 'a/b;q=2, c/d;q=x, e/f'],
  ['application/json; charset="utf-8"', 'application/json; charset=utf-8'],
] as const)('an accept of "%s" is read as "%s"', ([sent, read]) => {
  expect(written({ accept: sent })).toEqual({ accept: read });
});

test('an empty Accept-Encoding accepts no encoding', () => {
  expect(written({ 'content-encoding': ' ' })).toEqual({});
  expect(written({ 'content-encoding': 'gzip' })).toEqual({ 'content-encoding': 'gzip' });
});

describe('over HTTP', () => {
  test.for([
    [{ 'content-type': 'Application/JSON ;charset=utf-8' }, 200, 'application/json; charset=utf-8'],
    [
      { accept: 'application/json;q=0.1, application/graphql-response+json' },
      200,
      'application/graphql-response+json; charset=utf-8',
    ],
    [{ accept: 'application/json; charset="utf-8"' }, 200, 'application/json; charset=utf-8'],
    [{ accept: '*/*;q=0' }, 406, undefined],
    [{ 'content-encoding': '' }, 200, 'application/json; charset=utf-8'],
    [{ 'content-encoding': 'gzip' }, 415, undefined],
  ] as const)('%j is answered with %i', async ([headers, status, type]) => {
    await using server = await startPlainServer();
    const response = await send(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ principal }"}',
    });
    expect(response.status).toBe(status);
    if (type !== undefined) expect(response.headers['content-type']).toBe(type);
  });
});
