import { useEffect, useId, useRef } from 'react';
import { CloseIcon } from '../components/icons.tsx';
import { PlusIcon } from './icons.tsx';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Limits of AWS, in characters (API reference, Tag). */
const MAX_KEY = 128;
const MAX_VALUE = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** AWS's quota for each resource. */
const MAX_TAGS = 50;

/** Rows that are filled in. A row without key and value is not sent. */
export const filledTags = (tags: readonly Tag[]): readonly Tag[] =>
  tags
    .filter(({ key, value }) => key.trim() !== '' || value !== '')
    .map(({ key, value }) => ({ key: key.trim(), value }));

/** What is wrong with the tags, and the fix; undefined if AWS would take them. */
export function tagsProblem(tags: readonly Tag[]): string | undefined {
  const filled = filledTags(tags);
  const keys = filled.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (keys.includes('')) return 'A tag has no key. Type one, or remove the tag.';
  if (twice !== undefined) return `The key “${twice}” occurs twice. Remove one of them.`;
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) return `“${reserved}”: keys that begin with aws: are reserved. Choose another key.`;
  const long = filled.find(({ key, value }) => key.length > MAX_KEY || value.length > MAX_VALUE);
  if (long)
    return `“${long.key.slice(0, 40)}”: a key has at most ${MAX_KEY} characters, a value ${MAX_VALUE}. Shorten it.`;
  const unusual = filled.flatMap(({ key, value }) => [key, value]).find((text) => !ALLOWED.test(text));
  if (unusual !== undefined) {
    return `“${unusual.slice(0, 40)}”: AWS allows letters, digits, spaces and _.:/=+-@ only. Correct it.`;
  }
  if (filled.length > MAX_TAGS) return `${filled.length} tags, and AWS allows ${MAX_TAGS}. Remove some.`;
  return undefined;
}

interface TagsFieldProps {
  readonly tags: readonly Tag[];
  readonly onChange: (tags: readonly Tag[]) => void;
}

/** Keys and values of tags. */
export function TagsField({ tags, onChange }: TagsFieldProps) {
  const id = useId();
  const problem = tagsProblem(tags);
  const rows = useRef<HTMLDivElement>(null);
  const isAdded = useRef(false);
  // Moves on to the key of a tag that the reader has added.
  useEffect(() => {
    if (!isAdded.current) return;
    isAdded.current = false;
    rows.current?.querySelector<HTMLElement>(`.form-tag:nth-of-type(${tags.length}) input`)?.focus();
  }, [tags.length]);
  const add = () => {
    isAdded.current = true;
    onChange([...tags, { key: '', value: '' }]);
  };
  const change = (at: number, changed: Partial<Tag>) =>
    onChange(tags.map((tag, index) => (index === at ? { ...tag, ...changed } : tag)));
  return (
    <fieldset className="form-choices" aria-describedby={problem ? `${id}-problem` : undefined}>
      <legend>Tags</legend>
      <div ref={rows} className="form-tags">
        {tags.map(({ key, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a tag has no identity but its place while it is typed.
          <div key={at} className="form-tag">
            <input
              className="form-input"
              aria-label={`Key of tag ${at + 1}`}
              placeholder="Key"
              value={key}
              aria-invalid={problem !== undefined || undefined}
              onChange={(event) => change(at, { key: event.target.value })}
            />
            <input
              className="form-input"
              aria-label={`Value of tag ${at + 1}`}
              placeholder="Value"
              value={value}
              onChange={(event) => change(at, { value: event.target.value })}
            />
            <button
              type="button"
              className="button button-plain button-icon"
              aria-label={`Remove tag ${key || at + 1}`}
              onClick={() => onChange(tags.filter((_, index) => index !== at))}
            >
              <CloseIcon />
            </button>
          </div>
        ))}
        {problem && (
          <p id={`${id}-problem`} className="form-problem" role="status">
            {problem}
          </p>
        )}
        <button type="button" className="button" onClick={add}>
          <PlusIcon /> Add a tag
        </button>
      </div>
    </fieldset>
  );
}
