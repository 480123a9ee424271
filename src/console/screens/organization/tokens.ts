/** Conditions of the search. */
export const KEYS = ['name', 'email', 'id', 'state', 'tag', 'under', 'has', 'lacks', 'joined'] as const;
export type Key = (typeof KEYS)[number];

/** A condition, such as `has:"Protect GuardDuty"`. */
export interface Token {
  readonly key: Key;
  readonly value: string;
}

/** What is searched for. */
export interface Search {
  readonly tokens: readonly Token[];
  /** Looked for in names, e-mail addresses and ids. */
  readonly text: string;
}

const isKey = (key: string): key is Key => (KEYS as readonly string[]).includes(key);

/** A condition with its value in quotes or without, or a word. */
const PART = /([a-z]+):(?:"([^"]*)"?|(\S*))|\S+/gi;

/** Reads what the URL has, or what is typed. A condition without a value is left out. */
export function parseSearch(text: string): Search {
  const tokens: Token[] = [];
  const words: string[] = [];
  for (const [part, key = '', quoted, plain] of text.matchAll(PART)) {
    const name = key.toLowerCase();
    if (!isKey(name)) words.push(part);
    else if (quoted || plain) tokens.push({ key: name, value: quoted || plain || '' });
  }
  return { tokens, text: words.join(' ') };
}

export const printToken = ({ key, value }: Token): string => `${key}:${/\s/.test(value) ? `"${value}"` : value}`;

export const printSearch = ({ tokens, text }: Search): string =>
  [...tokens.map(printToken), text].filter((part) => part !== '').join(' ');

/** The condition that is being typed: its key and the beginning of its value. */
export function draftOf(typed: string): Token | undefined {
  const [, key = '', value = ''] = /^\s*([a-z]+):"?(.*?)"?$/i.exec(typed) ?? [];
  const name = key.toLowerCase();
  return isKey(name) ? { key: name, value } : undefined;
}
