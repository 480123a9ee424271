import './document-view.css';
import { useMemo } from 'react';
import { linesOf, tokensOf } from './document-lines.ts';

interface DocumentViewProps {
  readonly content: string;
  readonly label: string;
  /** Statements to mark, from 0. */
  readonly marked?: ReadonlySet<number> | undefined;
  readonly tone?: string | undefined;
}

/** A policy's text, with numbered lines. */
export function DocumentView({ content, label, marked, tone }: DocumentViewProps) {
  const lines = useMemo(() => linesOf(content), [content]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard.
    <div className="document" role="region" aria-label={label} tabIndex={0} data-tone={tone}>
      {lines.map(({ text, statement }, at) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          key={at}
          className="document-line"
          data-marked={(statement !== undefined && marked?.has(statement)) || undefined}
        >
          <span className="document-number" data-number={at + 1} />
          <code>
            {tokensOf(text).map(({ kind, text: part }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line do not move.
              <span key={index} data-kind={kind}>
                {part}
              </span>
            ))}
          </code>
        </div>
      ))}
    </div>
  );
}
