import { counted } from '../../../data/text.ts';
import type { Start } from '../actions/dates.ts';
import type { CheckedRow } from './check.ts';
import type { Step } from './steps.tsx';

interface SideCardsProps {
  readonly step: Step;
  readonly text: string;
  readonly checked: readonly CheckedRow[] | undefined;
  readonly starts: readonly Start[];
  readonly unused: readonly string[];
}

/** Lines of the text that are shown. */
const LINES = 7;

/** Beside the rows: what was pasted, the months, and what else helps. */
export function SideCards({ step, text, checked, starts, unused }: SideCardsProps) {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return (
    <aside className="bulk-side" aria-label="About the file">
      {step === 'paste' ? (
        <section className="bulk-card">
          <h2>Columns</h2>
          <p>
            <b>name</b>, <b>account</b> (id or e-mail), <b>start</b> (such as 2027-01) and <b>notes</b>, in any order,
            separated by commas, semicolons or tabs. Without a header, columns are recognized by their content.
          </p>
        </section>
      ) : (
        <section className="bulk-card">
          <h2>
            Pasted text <span className="muted">{counted(checked?.length ?? 0, 'row')}</span>
          </h2>
          <pre>
            {lines.slice(0, LINES).join('\n')}
            {lines.length > LINES && `\n… ${(lines.length - LINES).toLocaleString('en-US')} more`}
          </pre>
          {unused.length > 0 && <p>Not used: {unused.slice(0, 10).join(', ')}.</p>}
        </section>
      )}
      <section className="bulk-card">
        <h2>Start months</h2>
        <p>AWS allows two. The invitation expires 24 hours before the start.</p>
        <ul>
          {starts.map(({ value, label, shortTimeLeft, isDue, whyNot }) => (
            <li key={value}>
              <b>{label}</b>
              <span className="badge" data-tone={isDue || whyNot ? 'amber' : 'gray'}>
                {whyNot === undefined ? `answer in ${shortTimeLeft}` : 'too late'}
              </span>
              {checked && (
                <span className="muted">
                  {counted(checked.filter((row) => row.start?.getTime() === Date.parse(value)).length, 'row')}
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      {step === 'send' && (
        <section className="bulk-card">
          <h2>Sending goes on in this tab</h2>
          <p>You can use other pages meanwhile. Rows that were sent are invited; Pause keeps the rest for later.</p>
        </section>
      )}
    </aside>
  );
}
