/** A whole text message (RFC 6455, section 5.2): FIN, and the opcode of text. */
const TEXT = 0x81;
/** Lengths from here on stand in two bytes, and from there on in eight. */
const TWO_BYTES = 126;
const EIGHT_BYTES = 65_536;

/**
 * The frame of a text message, as a server sends it: `before`, `body` and `after`, in UTF-8. What many are told is encoded once, as `body`; to
 * copy it costs a fraction of what it costs to encode it again.
 */
export function textFrame(before: string, body: Buffer, after: string): Buffer {
  const beforeLength = Buffer.byteLength(before);
  const length = beforeLength + body.length + Buffer.byteLength(after);
  const start = length < TWO_BYTES ? 2 : length < EIGHT_BYTES ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = TEXT;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = TWO_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = TWO_BYTES + 1;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(before, start);
  body.copy(frame, start + beforeLength);
  frame.write(after, start + beforeLength + body.length);
  return frame;
}
