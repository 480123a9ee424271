import { CheckIcon } from '../../../components/icons.tsx';

export type Step = 'paste' | 'check' | 'send';

const STEPS: readonly (readonly [step: Step, name: string])[] = [
  ['paste', 'Paste'],
  ['check', 'Check'],
  ['send', 'Send'],
];

/** Where the reader is between a file and its invitations. */
export function Steps({ step }: { readonly step: Step }) {
  const at = STEPS.findIndex(([each]) => each === step);
  return (
    <ol className="bulk-steps" aria-label="Steps">
      {STEPS.map(([each, name], index) => (
        <li key={each} aria-current={index === at ? 'step' : undefined} data-done={index < at || undefined}>
          <span className="bulk-step-mark" aria-hidden="true">
            {index < at ? <CheckIcon size={12} /> : index + 1}
          </span>
          {name}
          {index < at && <span className="visually-hidden"> done</span>}
        </li>
      ))}
    </ol>
  );
}
