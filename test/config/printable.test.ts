import { expect, it } from 'vitest';
import { printable, withPrintableStrings } from '../../src/config/printable.ts';

it.for([
  ['a control character', '\u001b[2J\u009b\u007f', '\\u001b[2J\\u009b\\u007f'],
  ['a line break', 'a\n\u2028', 'a\\u000a\\u2028'],
  ['a character that changes the direction', '\u202ea\u2066\u061c', '\\u202ea\\u2066\\u061c'],
  ['a character without width', 'a\u200b\u00ad\u034f\ufeff\u3164', 'a\\u200b\\u00ad\\u034f\\ufeff\\u3164'],
  ['a tag and a variation selector', 'a\u{e0041}\u{e0158}\ufe00', 'a\\udb40\\udc41\\udb40\\udd58\\ufe00'],
  ['a variation selector that follows no emoji', '1\ufe0f\u26a0\ufe0f\ufe0f', '1\\ufe0f\u26a0\ufe0f\\ufe0f'],
  ['an annotation', 'a\ufff9b\ufffbc', 'a\\ufff9b\\ufffbc'],
  ['nothing of visible text', 'Zürich, 日本, 👍🏽 \u2764\ufe0f', 'Zürich, 日本, 👍🏽 \u2764\ufe0f'],
] as const)('escapes %s', ([, text, escaped]) => {
  expect(printable(text)).toBe(escaped);
});

it('escapes the strings of a value, but for line breaks and tabs', () => {
  const value = { a: ['\u202e', 1, null, { b: '{\r\n\t"c\u200b"\n}' }], d: true };
  expect(withPrintableStrings(value)).toEqual({ a: ['\\u202e', 1, null, { b: '{\r\n\t"c\\u200b"\n}' }], d: true });
});
