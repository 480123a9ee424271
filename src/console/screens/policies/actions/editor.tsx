import './editor.css';
import { useId, useMemo, useRef } from 'react';
import { AlertIcon } from '../../../components/icons.tsx';
import { counted } from '../../../data/text.ts';
import { sizeOf } from './size.ts';
import { type Diagnostic, useDiagnostics } from './use-diagnostics.ts';

interface EditorProps {
  readonly type: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** What keeps a text from being sent, and the fix: it is no JSON, or it is too large. AWS checks the rest. */
export function documentProblem(type: string, content: string): string | undefined {
  if (content.trim() === '') return 'There is no document. Type one.';
  const { size, limit, unit } = sizeOf(type, content);
  if (size > limit) {
    return `The document has ${counted(size, unit)}, and AWS allows ${counted(limit, unit)}. Shorten it.`;
  }
  try {
    JSON.parse(content);
    return undefined;
  } catch {
    return 'The document is not valid JSON. Correct it.';
  }
}

/** A document with numbered lines, what is wrong with it while it is typed, and its size. */
export function DocumentEditor({ type, value, onChange }: EditorProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  const { diagnostics, isCurrent } = useDiagnostics(type, value);
  const severities = useMemo(
    () => new Map(diagnostics.flatMap(({ line, severity }) => (line === null ? [] : [[line, severity] as const]))),
    [diagnostics],
  );
  const problem = documentProblem(type, value);
  const { size, limit, unit } = sizeOf(type, value);
  const errors = diagnostics.filter(({ severity }) => severity === 'ERROR').length;
  const warnings = diagnostics.length - errors;

  /** Moves the caret to a place in the text. */
  const show = ({ line, column }: Diagnostic) => {
    if (line === null || area.current === null) return;
    const before = value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, 0) + Math.max(0, (column ?? 1) - 1);
    area.current.focus();
    area.current.setSelectionRange(at, at);
  };
  return (
    <div className="form-field policy-editor">
      <label htmlFor={id}>Document</label>
      <div className="editor-box">
        <div ref={numbers} className="editor-numbers" aria-hidden="true">
          {value.split('\n').map((_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
            <span key={at} data-severity={isCurrent ? severities.get(at + 1) : undefined}>
              {at + 1}
            </span>
          ))}
        </div>
        <textarea
          ref={area}
          id={id}
          className="editor-text"
          rows={16}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={value}
          aria-required="true"
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={`${id}-size ${id}-problems`}
          onChange={(event) => onChange(event.target.value)}
          onScroll={({ currentTarget }) => {
            if (numbers.current) numbers.current.scrollTop = currentTarget.scrollTop;
          }}
        />
      </div>
      <p id={`${id}-size`} className={size > limit ? 'form-problem' : 'form-hint'}>
        {size.toLocaleString('en-US')} of {limit.toLocaleString('en-US')} {unit}s, white space included
      </p>
      <div id={`${id}-problems`} className="editor-problems" role="status">
        {problem !== undefined && diagnostics.length === 0 && <p className="form-problem">{problem}</p>}
        {isCurrent && problem === undefined && diagnostics.length === 0 && (
          <p className="form-hint">No problem found.</p>
        )}
        {diagnostics.length > 0 && (
          <>
            <p className="form-hint">
              {errors > 0 && `AWS would reject it: ${counted(errors, 'error')}. `}
              {warnings > 0 && `${counted(warnings, 'warning')}. `}
            </p>
            <ul>
              {diagnostics.map((diagnostic, at) => (
                <li
                  // biome-ignore lint/suspicious/noArrayIndexKey: two places may have the same problem.
                  key={at}
                  data-tone={diagnostic.severity === 'ERROR' ? 'red' : 'amber'}
                >
                  <AlertIcon size={14} />
                  <span>
                    {diagnostic.line !== null && (
                      <button type="button" className="editor-line" onClick={() => show(diagnostic)}>
                        Line {diagnostic.line}
                      </button>
                    )}{' '}
                    {diagnostic.message}{' '}
                    <span className="muted">{diagnostic.severity === 'ERROR' ? 'Error' : 'Warning'}</span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
