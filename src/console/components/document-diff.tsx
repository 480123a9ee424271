import './document-diff.css';
import { useMemo } from 'react';
import { counted } from '../data/text.ts';
import { diffOf } from './diff.ts';

const SIGNS = { same: ' ', out: '−', in: '+' } as const;

/** The lines of a document that a change takes out and puts in. */
export function DocumentDiff({ before, after }: { readonly before: string; readonly after: string }) {
  const lines = useMemo(() => diffOf(before, after), [before, after]);
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  return (
    <>
      <p className="changed-counts">
        <span data-tone="red">{counted(count('out'), 'line')} out</span>{' '}
        <span data-tone="green">{counted(count('in'), 'line')} in</span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard. */}
      <pre className="diff" role="region" tabIndex={0} aria-label="Changed lines">
        {lines.map(({ kind, text }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a change do not change.
          <span key={at} data-kind={kind}>
            <span className="diff-sign">{SIGNS[kind]}</span>
            {text}
          </span>
        ))}
      </pre>
    </>
  );
}
