import type { ReactNode } from 'react';

/** Colors mean a state, never a kind (SPEC: principle 5). */
export type Tone = 'green' | 'amber' | 'red' | 'violet' | 'blue' | 'gray';

const RING = <circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" />;

const shapes = {
  /** Awaits an answer. */
  awaiting: (
    <>
      <circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 1.8" />
    </>
  ),
  /** Awaits an answer, soon over. */
  due: (
    <>
      <circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 1.8" />
      <circle cx="7" cy="7" r="1.8" fill="currentColor" />
    </>
  ),
  ending: (
    <>
      {RING}
      <path d="M7 3.2a3.8 3.8 0 0 1 0 7.6z" fill="currentColor" />
    </>
  ),
  scheduled: (
    <>
      {RING}
      <path d="M7 7V3.2A3.8 3.8 0 0 1 10.8 7z" fill="currentColor" />
    </>
  ),
  done: (
    <>
      <circle cx="7" cy="7" r="6.4" fill="currentColor" />
      <path
        d="m4.3 7.2 1.9 1.9 3.6-4"
        fill="none"
        stroke="var(--page)"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  ended: (
    <>
      {RING}
      <path d="M4.6 7h4.8" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  declined: (
    <>
      {RING}
      <path d="m5.2 5.2 3.6 3.6m0-3.6L5.2 8.8" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  canceled: (
    <>
      {RING}
      <path d="m3.3 10.7 7.4-7.4" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  expired: (
    <>
      {RING}
      <path
        d="M7 4.2V7l1.8 1.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  failed: (
    <>
      <circle cx="7" cy="7" r="6.4" fill="currentColor" />
      <path d="M7 3.8v3.6" stroke="var(--page)" strokeWidth="1.6" strokeLinecap="round" />
      <circle cx="7" cy="10" r="0.9" fill="var(--page)" />
    </>
  ),
  waiting: RING,
  /** The answer is no. */
  refused: (
    <>
      <rect x="0.5" y="0.5" width="13" height="13" rx="3" fill="currentColor" />
      <path d="m4.8 4.8 4.4 4.4m0-4.4L4.8 9.2" stroke="var(--page)" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  /** There is no answer without more facts. */
  question: (
    <>
      <circle cx="7" cy="7" r="6.4" fill="currentColor" />
      <path
        d="M5.3 5.5a1.8 1.8 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1"
        fill="none"
        stroke="var(--page)"
        strokeWidth="1.3"
        strokeLinecap="round"
      />
      <circle cx="7" cy="10.2" r="0.8" fill="var(--page)" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type StateShape = keyof typeof shapes;

/** The shape of a state. A word always stands beside it. */
export function StateIcon({ shape, tone }: { readonly shape: StateShape; readonly tone: Tone }) {
  return (
    <svg className="state-icon" viewBox="0 0 14 14" aria-hidden="true" data-tone={tone}>
      {shapes[shape]}
    </svg>
  );
}

/** A state as shape and word. */
export function State({
  shape,
  tone,
  children,
}: {
  readonly shape: StateShape;
  readonly tone: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span className="state" data-tone={tone}>
      <StateIcon shape={shape} tone={tone} />
      {children}
    </span>
  );
}

export function StateBadge({
  shape,
  tone,
  children,
}: {
  readonly shape: StateShape;
  readonly tone: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span className="badge" data-tone={tone}>
      <StateIcon shape={shape} tone={tone} />
      {children}
    </span>
  );
}
