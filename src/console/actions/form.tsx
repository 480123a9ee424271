import './form.css';
import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { BoltIcon, LockIcon, OfflineIcon } from '../components/icons.tsx';
import { useSession } from '../data/session.tsx';
import { useStore } from '../data/store.ts';
import { counted } from '../data/text.ts';
import { useUnsaved } from '../data/unsaved.ts';
import { useOwnOrganization } from '../data/viewer.ts';
import { type ActionScope, scopeReason, useHasScope } from './action-button.tsx';
import { ActionFailure } from './action-failure.tsx';
import type { ActionError } from './exceptions.ts';

/** Whether fields show what is wrong with them: after the first attempt to send the form. */
const ShowsProblems = createContext(false);

export const useShowsProblems = (): boolean => useContext(ShowsProblems);

/** Why the principal cannot send the forms within, although the caller has their scope; undefined if it can. */
export const FormLock = createContext<string | undefined>(undefined);

/** Something that is sent sooner is shown without progress, in ms. */
const PROGRESS_DELAY_MS = 300;

interface FormProps {
  /** A link opens the form for callers without it, too: they see why it is not available. */
  readonly scope: ActionScope;
  /** What did not happen if it fails: "Zinnia Zoos was not invited". */
  readonly failure: string;
  /** The verb and its object or date: "End on 31 Dec". */
  readonly submit: string;
  /** What the other button says. Default: "Cancel". */
  readonly cancel?: string;
  /** Calls to AWS that it costs to send the form. */
  readonly calls: number;
  /** For what cannot be undone. */
  readonly isDanger?: boolean;
  /** Whether anything was typed or chosen, so that leaving the form asks first. */
  readonly isFilled: boolean;
  /** Whether the form can be sent as it is. Otherwise an attempt moves the focus to the first wrong field. */
  readonly isValid: boolean;
  readonly isSending: boolean;
  readonly error: ActionError | undefined;
  /** Returns whether the form is done. */
  readonly onSubmit: () => Promise<boolean>;
  /** Called after the form is done, too, unless there is `onDone`. */
  readonly onClose: () => void;
  readonly onDone?: () => void;
  readonly children: ReactNode;
  /** Beside the buttons: a warning in words. */
  readonly note?: ReactNode;
  /** What helps after an error: "Show the open invitation". `release` lets go of what was typed, before the form is left. */
  readonly help?: (error: ActionError, release: () => void) => ReactNode;
}

/**
 * The fields of an action, its cost and its buttons. Ctrl Enter sends it. While the connection is lost, sending waits.
 * After an error it stays filled in.
 */
export function ActionForm(props: FormProps) {
  const { scope, failure, submit, cancel = 'Cancel', calls, isDanger, isFilled, isValid, isSending, error } = props;
  const form = useRef<HTMLFormElement>(null);
  const [showsProblems, setShowsProblems] = useState(false);
  const [isSlow, setSlow] = useState(false);
  const release = useUnsaved(isFilled);
  const { connection } = useSession();
  const state = useStore(connection.state).name;
  const isConnected = state === 'live' || state === 'connecting';
  const hasScope = useHasScope(scope);
  const lock = useContext(FormLock);
  const whyNot = hasScope ? lock : scopeReason('This', scope);
  // What was typed before a scope was lost is kept.
  const [isTouched, setTouched] = useState(false);
  const canSend = !isSending && isConnected && whyNot === undefined;
  const organization = useOwnOrganization().name;

  useEffect(() => {
    if (!isSending) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), PROGRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [isSending]);

  const onSubmit = async () => {
    if (!canSend) return;
    if (!isValid) {
      setShowsProblems(true);
      // After the fields show it.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (!(await props.onSubmit())) return;
    release();
    if (props.onDone !== undefined) props.onDone();
    // The reader may have closed it meanwhile, and opened another one.
    else if (form.current !== null) props.onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void onSubmit();
  };
  const leave = () => {
    release();
    props.onClose();
  };
  if (whyNot !== undefined && !isTouched) {
    return (
      <div className="action-form">
        <WhyNot>{whyNot}</WhyNot>
        <div className="form-footer">
          <button type="button" className="button" onClick={leave}>
            Close
          </button>
        </div>
      </div>
    );
  }
  return (
    <form
      ref={form}
      className="action-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
      onInput={() => setTouched(true)}
      onKeyDown={onKeyDown}
    >
      <ShowsProblems value={showsProblems}>{props.children}</ShowsProblems>
      {error && (
        <ActionFailure title={failure} error={error} {...(error.isRetryable && { onRetry: () => void onSubmit() })}>
          {props.help?.(error, release)}
        </ActionFailure>
      )}
      {whyNot !== undefined && <WhyNot>{whyNot}</WhyNot>}
      {!isConnected && (
        <p className="form-waits" role="status">
          <OfflineIcon size={14} />
          {state === 'signed-out'
            ? 'You are signed out. The form can be sent after you have signed in.'
            : 'The connection is lost. The form can be sent when it is back.'}
        </p>
      )}
      <div className="form-footer">
        {props.note}
        <span className="form-cost" title={`In the organization of ${organization}`}>
          <BoltIcon size={14} /> {counted(calls, 'call')}
        </span>
        <button type="button" className="button button-plain" onClick={leave}>
          {cancel}
        </button>
        <button
          type="submit"
          className={isDanger ? 'button button-danger' : 'button button-primary'}
          aria-disabled={!canSend || undefined}
          data-incomplete={!isValid || undefined}
        >
          {isSlow ? 'Sending…' : submit}
        </button>
      </div>
      <span className="visually-hidden" role="status">
        {isSlow && 'Sending'}
      </span>
    </form>
  );
}

/** Why a form is not available. */
const WhyNot = ({ children }: { readonly children: ReactNode }) => (
  <p className="form-waits" role="status">
    <LockIcon size={14} /> {children}
  </p>
);

interface FieldProps {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  /** What is wrong with the value, and the fix. Shown after the first attempt to send the form. */
  readonly problem?: string | undefined;
  /** Shows the problem from the start: for values that were not typed here. */
  readonly isEager?: boolean;
  readonly placeholder?: string;
  readonly isOptional?: boolean;
  readonly hasFocus?: boolean;
  readonly rows?: number;
  readonly isMono?: boolean;
  readonly type?: 'text' | 'email' | 'password';
}

export function TextField(props: FieldProps) {
  const { label, value, onChange, hint, problem, isEager, rows, isMono, type = 'text' } = props;
  const id = useId();
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const shows = useContext(ShowsProblems) || isEager === true;
  const shownProblem = shows ? problem : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves once, when the form opens.
  useEffect(() => {
    if (props.hasFocus) field.current?.focus();
  }, []);
  const shared = {
    ref: field,
    id,
    value,
    spellCheck: false,
    autoComplete: 'off',
    placeholder: props.placeholder,
    className: isMono ? 'form-input mono' : 'form-input',
    'aria-invalid': shownProblem !== undefined || undefined,
    'aria-required': !props.isOptional || undefined,
    'aria-describedby': hint || shownProblem ? `${id}-hint` : undefined,
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="form-field">
      <label htmlFor={id}>
        {label}
        {props.isOptional && <span className="muted"> optional</span>}
      </label>
      {rows === undefined ? <input type={type} {...shared} /> : <textarea rows={rows} {...shared} />}
      <FieldHint id={id} hint={hint} problem={shownProblem} />
    </div>
  );
}

/** Below a field: what is wrong with it, else what helps to fill it in. */
function FieldHint({ id, hint, problem }: { readonly id: string } & Pick<FieldProps, 'hint' | 'problem'>) {
  if (!problem && !hint) return null;
  return (
    <p id={`${id}-hint`} className={problem ? 'form-problem' : 'form-hint'}>
      {problem ?? hint}
    </p>
  );
}

interface SelectFieldProps extends Pick<FieldProps, 'label' | 'value' | 'onChange' | 'hint'> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function SelectField({ label, value, onChange, hint, options }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="form-input"
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldHint id={id} hint={hint} problem={undefined} />
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: ReactNode;
  /** At the right: the moment, or the time left. */
  readonly aside?: ReactNode;
  /** What it means. */
  readonly note?: ReactNode;
  /** Why it cannot be chosen. */
  readonly whyNot?: string | undefined;
}

interface ChoicesProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly value: string | undefined;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly problem?: string | undefined;
}

/** A choice of few values, each with what it means: radio buttons. */
export function Choices({ label, hint, value, choices, onChange, problem }: ChoicesProps) {
  const id = useId();
  const shownProblem = useContext(ShowsProblems) ? problem : undefined;
  return (
    <fieldset className="form-choices" aria-describedby={hint || shownProblem ? `${id}-hint` : undefined}>
      <legend>{label}</legend>
      <FieldHint id={id} hint={hint} problem={shownProblem} />
      <div className="form-cards">
        {choices.map(({ value: own, label: name, aside, note, whyNot }) => (
          <label
            key={own}
            className="form-card"
            data-chosen={own === value || undefined}
            data-disabled={!!whyNot || undefined}
          >
            <input
              type="radio"
              name={id}
              value={own}
              checked={own === value}
              disabled={whyNot !== undefined}
              aria-invalid={shownProblem !== undefined || undefined}
              aria-describedby={`${id}-${own}`}
              onChange={() => onChange(own)}
            />
            <b>{name}</b>
            <span className="form-aside">{aside}</span>
            <span id={`${id}-${own}`} className="form-note">
              {whyNot ?? note}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Whether the typed name is the one that confirms. Case and outer spaces do not matter. */
export const isConfirmed = (typed: string, name: string): boolean =>
  typed.trim().toLocaleLowerCase() === name.trim().toLocaleLowerCase();

interface NameConfirmationProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hasFocus?: boolean;
}

/** The name that has to be typed before something that cannot be undone. Check it with `isConfirmed`. */
export function NameConfirmation({ name, value, onChange, hasFocus }: NameConfirmationProps) {
  return (
    <TextField
      label={
        <>
          To confirm, type <b>{name}</b>
        </>
      }
      value={value}
      onChange={onChange}
      {...(hasFocus && { hasFocus })}
      problem={isConfirmed(value, name) ? undefined : `This is not “${name}”. Type the name as it is written above.`}
    />
  );
}
