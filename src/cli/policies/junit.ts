import { formatDifferences } from './print-results.ts';
import type { VectorResult } from './run-vectors.ts';

/**
 * Formats results as JUnit XML: a suite for each file.
 * https://github.com/testmoapp/junitxml
 */
export function formatJunit(results: readonly VectorResult[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="orgql policies test"${totals(results)}>`,
    ...[...new Set(results.map(({ file }) => file))]
      .map((file) => [file, results.filter((each) => each.file === file)] as const)
      .flatMap(([file, cases]) => [
        `  <testsuite name="${escapeAttribute(file)}"${totals(cases)}>`,
        ...cases.map(formatCase),
        '  </testsuite>',
      ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function formatCase(result: VectorResult): string {
  const { file, vector, durationMs, differences } = result;
  const attributes = `classname="${escapeAttribute(vector.topic ?? file)}" name="${escapeAttribute(vector.name)}" time="${seconds(durationMs)}"`;
  if (differences.length === 0) return `    <testcase ${attributes}/>`;
  const message = differences
    .map(({ member, expected, actual }) => `${member}: expected ${expected}, found ${actual}`)
    .join('; ');
  const failure = `<failure message="${escapeAttribute(message)}">${escapeText(formatDifferences(result))}</failure>`;
  return `    <testcase ${attributes}>${failure}</testcase>`;
}

function totals(results: readonly VectorResult[]): string {
  const failures = results.filter(({ differences }) => differences.length > 0).length;
  const time = results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return ` tests="${results.length}" failures="${failures}" errors="0" time="${seconds(time)}"`;
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(6);

/** XML 1.0 has no form for these characters, not even escaped. */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text
    .replace(notInXml, '\uFFFD')
    .replace(/[&<>"]/g, (character) => escapes[character] ?? character)
    .replace(/\r/g, '&#13;');
}

/** Parsers replace white space in attributes by spaces, unless it is escaped. */
function escapeAttribute(text: string): string {
  return escapeText(text).replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
