import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader } from '../../bench/peers/load/answer-reader.ts';

/** The answer that comes out of these bytes, cut at these places, and with which part. */
function readInParts(reader: AnswerReader, bytes: Buffer, cuts: readonly number[]) {
  const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  const answers = parts.filter((part) => part.length > 0).map((part) => reader.push(part));
  return { early: answers.slice(0, -1).filter((answer) => answer !== undefined), answer: answers.at(-1) };
}

function inChunks(body: Buffer, size: number): Buffer {
  const chunks: Buffer[] = [];
  for (let start = 0; start < body.length; start += size) {
    const chunk = body.subarray(start, start + size);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

// What may stand in a body and looks like HTTP's own signs.
const body = fc
  .array(fc.oneof(fc.string(), fc.constantFrom('\r\n', '\r\n\r\n', '0\r\n\r\n', '0')))
  .map((texts) => Buffer.from(texts.join('')));
const cuts = fc.array(fc.nat());

test('an answer with Content-Length is complete with its last byte, wherever it is cut', () => {
  const reader = new AnswerReader();
  fc.assert(
    fc.property(body, cuts, fc.constantFrom('content-length', 'Content-Length'), (content, places, name) => {
      const head = `HTTP/1.1 201 Created\r\n${name}: ${content.length}\r\nconnection: keep-alive\r\n\r\n`;
      const { early, answer } = readInParts(reader, Buffer.concat([Buffer.from(head), content]), places);
      expect(early).toEqual([]);
      expect(answer).toEqual({ status: 201, body: content });
    }),
  );
});

test('a chunked answer is complete with its last chunk, wherever it is cut', () => {
  const reader = new AnswerReader();
  fc.assert(
    fc.property(body, cuts, fc.integer({ min: 1, max: 20 }), (content, places, size) => {
      const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
      const { early, answer } = readInParts(
        reader,
        Buffer.concat([Buffer.from(head), inChunks(content, size)]),
        places,
      );
      expect(early).toEqual([]);
      expect(answer).toEqual({ status: 200, body: content });
    }),
  );
});

test('more bytes than Content-Length are a fault', () => {
  const bytes = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabc');
  expect(() => new AnswerReader().push(bytes)).toThrow('more bytes than content-length says');
});

test('an answer with neither Content-Length nor chunks is a fault', () => {
  const bytes = Buffer.from('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
  expect(() => new AnswerReader().push(bytes)).toThrow('not an answer that can be read');
});
