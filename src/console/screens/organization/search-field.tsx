import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { CloseIcon, SearchIcon } from '../../components/icons.tsx';
import type { Completion } from './completions.ts';
import { draftOf, parseSearch, printToken, type Token } from './tokens.ts';

interface SearchFieldProps {
  readonly tokens: readonly Token[];
  /** What is typed behind the conditions. */
  readonly typed: string;
  readonly onChange: (tokens: readonly Token[], typed: string) => void;
  readonly completionsOf: (typed: string, isAsked: boolean) => readonly Completion[];
}

/** Text and conditions, which are completed. `/` moves the focus here. */
export function SearchField({ tokens, typed, onChange, completionsOf }: SearchFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isFocused, setFocused] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const [at, setAt] = useState(-1);
  const options = isFocused ? completionsOf(typed, isAsked) : [];
  const isOpen = options.length > 0;
  const chosen = options[at];

  const type = (text: string) => {
    setAt(-1);
    setAsked(false);
    onChange(tokens, text);
  };
  const add = (token: Token) => {
    setAt(-1);
    setAsked(false);
    input.current?.focus();
    onChange([...tokens, token], '');
  };
  const choose = ({ token }: Completion) => {
    if (token.value !== '') return add(token);
    type(`${token.key}:`);
    input.current?.focus();
  };
  const remove = (token: Token) => {
    onChange(
      tokens.filter((each) => each !== token),
      typed,
    );
    input.current?.focus();
  };
  /** Makes what is typed a condition, as far as it is one. */
  const commit = () => {
    const { tokens: found, text } = parseSearch(typed);
    if (found.length > 0) onChange([...tokens, ...found], text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) setAsked(true);
      else setAt((at + step + options.length) % options.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const draft = draftOf(typed);
      const only = draft !== undefined && options.length > 0 && draft.value !== '' ? options[0] : undefined;
      const best = chosen ?? only;
      if (best) choose(best);
      else commit();
    } else if (event.key === ' ' && parseSearch(typed).tokens.length > 0 && !typed.includes('"') && !isOpen) {
      event.preventDefault();
      commit();
    } else if (event.key === 'Backspace' && typed === '' && tokens.length > 0) {
      onChange(tokens.slice(0, -1), '');
    } else if (event.key === 'Escape' && (isOpen || typed !== '' || tokens.length > 0)) {
      event.stopPropagation();
      event.preventDefault();
      if (isOpen && isAsked) setAsked(false);
      else onChange(typed === '' ? [] : tokens, '');
      setAt(-1);
    }
  };

  return (
    <div className="search-field">
      <div className="text-field" onClick={() => input.current?.focus()}>
        <SearchIcon />
        {tokens.map((token) => (
          <span key={printToken(token)} className="search-token">
            {token.key} <b className="truncate">{token.value.replace('=', ' = ')}</b>
            <button type="button" aria-label={`Remove ${printToken(token)}`} onClick={() => remove(token)}>
              <CloseIcon size={12} />
            </button>
          </span>
        ))}
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Search accounts"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={chosen && `${id}-${at}`}
          placeholder={tokens.length === 0 ? 'Name, e-mail or id, or a filter such as tag: or has:' : 'Add a filter'}
          spellCheck={false}
          autoComplete="off"
          data-filter
          value={typed}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            setAsked(false);
            setAt(-1);
          }}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <kbd>/</kbd>
      </div>
      <div id={id} role="listbox" aria-label="Filters" className="search-options" hidden={!isOpen}>
        {options.map((option, index) => (
          <div
            key={printToken(option.token)}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className="search-option"
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            <span className="muted">{option.token.key}</span>
            <span className="strong truncate">{option.token.value.replace('=', ' = ')}</span>
            {option.note && <span className="search-note">{option.note}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
