/** Bytes, about: what V8 needs for an object or array, one of its members, and a string beside its characters. */
const OBJECT = 56;
const MEMBER = 16;
const STRING = 24;

/** How much memory a client's JSON value takes, in bytes and about. Counting stops above `max`. */
export function weightOf(value: unknown, max: number): number {
  let bytes = 0;
  const left = [value];
  while (left.length > 0 && bytes <= max) {
    const each = left.pop();
    if (typeof each === 'string') bytes += STRING + each.length;
    else if (typeof each !== 'object' || each === null) bytes += MEMBER;
    else if (Array.isArray(each)) {
      bytes += OBJECT;
      for (let index = 0; index < each.length && bytes <= max; index += 1) {
        bytes += MEMBER / 2;
        left.push(each[index]);
      }
    } else {
      bytes += OBJECT;
      for (const name in each) {
        bytes += MEMBER + name.length;
        if (bytes > max) break;
        left.push((each as Readonly<Record<string, unknown>>)[name]);
      }
    }
  }
  return bytes;
}
