const dateTag = '$date';

/**
 * An object of AWS as text, and back, the same to `isDeepStrictEqual`: what is read again after a restart must not look like a change.
 * JSON, so that any version of Node reads what any other wrote; Dates are tagged.
 */
export const encode = (value: unknown): string =>
  JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, plain: unknown) {
    const original = this[key];
    return original instanceof Date ? { [dateTag]: original.getTime() } : plain;
  });

export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(dateTag in value)) return value;
    const time = value[dateTag];
    return typeof time === 'number' && Object.keys(value).length === 1 ? new Date(time) : value;
  });
