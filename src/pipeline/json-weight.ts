/** V8's approximate bytes for an object or array, a member, and a string without its characters. */
const OBJECT = 56;
const MEMBER = 16;
const STRING = 24;

/** An object in a client's value has too many members. */
export class TooManyMembers extends Error {}

/**
 * Estimates the memory of a client's JSON value, in bytes. Counting stops above `max`.
 * @throws TooManyMembers when one of its objects has more than `maxMembers`.
 */
export function weightOf(value: unknown, max: number, maxMembers = Number.POSITIVE_INFINITY): number {
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
      let members = 0;
      for (const name in each) {
        members += 1;
        if (members > maxMembers) throw new TooManyMembers();
        bytes += MEMBER + name.length;
        if (bytes > max) break;
        left.push((each as Readonly<Record<string, unknown>>)[name]);
      }
    }
  }
  return bytes;
}
