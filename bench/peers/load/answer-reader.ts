export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Assembles the responses of one connection, one at a time, because each request waits for the response before it. */
export class AnswerReader {
  #parts: Buffer[] = [];
  #received = 0;
  #head: Head | undefined;

  /** Returns the response if this was its last part. Throws if it is not HTTP/1.1 with a length or chunks. */
  push(part: Buffer): Answer | undefined {
    this.#parts.push(part);
    this.#received += part.length;
    this.#head ??= readHead(this.#joined());
    const head = this.#head;
    if (head === undefined || (head.length !== undefined && this.#received < head.bodyStart + head.length)) {
      return undefined;
    }
    const tail = part.length < lastChunk.length ? this.#joined() : part;
    if (head.length === undefined && !tail.subarray(-lastChunk.length).equals(lastChunk)) return undefined;
    const body = this.#joined().subarray(head.bodyStart);
    const whole = head.length === undefined ? joinChunks(body) : body;
    if (whole === undefined) return undefined;
    if (head.length !== undefined && body.length > head.length) throw new Error('more bytes than content-length says');
    this.#parts = [];
    this.#received = 0;
    this.#head = undefined;
    return { status: head.status, body: whole };
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    if (this.#parts.length === 1 && first !== undefined) return first;
    const all = Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }
}

interface Head {
  readonly status: number;
  readonly bodyStart: number;
  /** Length of the body in bytes; undefined if it is chunked. */
  readonly length: number | undefined;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 ') || (length === undefined && !/\r\ntransfer-encoding: *chunked/i.test(head))) {
    throw new Error(`not an answer that can be read: ${head}`);
  }
  return { status, bodyStart: end + headEnd.length, length: length === undefined ? undefined : Number(length) };
}

/** The body without chunk sizes; undefined if the last chunk is missing. */
function joinChunks(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (start + size + 2 > bytes.length) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
