import { useCallback } from 'react';
import { Store, useStore } from './store.ts';
import { canChangePrincipal, canLeave } from './unsaved.ts';

export interface Location {
  readonly path: string;
  readonly params: URLSearchParams;
}

/** Parameters that every page shares. All others belong to one page and end with it. */
const SHARED = ['as'];

const read = (): Location => ({ path: location.pathname, params: new URLSearchParams(location.search) });
const current = new Store(read());
addEventListener('popstate', () => {
  const before = current.get();
  if (mayGo(read())) return current.set(read());
  const search = before.params.toString();
  history.pushState(null, '', search === '' ? before.path : `${before.path}?${search}`);
});

/** What a form belongs to: with another page, principal, object or action it would be lost. */
const OWNERS = ['as', 'open', 'action', 'type', 'policy'];

const isLeaving = ({ path, params }: Location): boolean => {
  const before = current.get();
  return path !== before.path || OWNERS.some((name) => params.get(name) !== before.params.get(name));
};

const mayGo = (to: Location): boolean =>
  (!isLeaving(to) || canLeave()) && (to.params.get('as') === current.get().params.get('as') || canChangePrincipal());

export const useLocation = (): Location => useStore(current);

/** A list of values is a parameter that is repeated. */
export type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The URL of a page, as the reader's principal. */
export function urlOf(path: string, params: Params = {}): string {
  const next = new URLSearchParams();
  for (const name of SHARED) {
    const value = current.get().params.get(name);
    if (value !== null) next.set(name, value);
  }
  apply(next, params);
  const search = next.toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Goes to another page. */
export function navigate(path: string, params: Params = {}, { replace = false } = {}): void {
  go(urlOf(path, params), replace);
}

/** The values of a form begin so: they end with it. */
export const FILLED = 'with-';

/**
 * Changes parameters of this page; `undefined` removes one. Another `action` ends the values of the last form. A step
 * back in the browser's history undoes it unless `replace` is set.
 */
export function setParams(params: Params, { replace = false } = {}): void {
  const { path, params: present } = current.get();
  const next = new URLSearchParams([...present].filter(([name]) => !('action' in params && name.startsWith(FILLED))));
  apply(next, params);
  const search = next.toString();
  go(search === '' ? path : `${path}?${search}`, replace);
}

function apply(search: URLSearchParams, params: Params): void {
  for (const [name, value] of Object.entries(params)) {
    search.delete(name);
    if (value === undefined || value === '') continue;
    for (const each of typeof value === 'string' ? [value] : value) search.append(name, each);
  }
}

function go(url: string, replace: boolean): void {
  if (url === location.pathname + location.search) return;
  const { pathname, searchParams } = new URL(url, location.origin);
  if (!mayGo({ path: pathname, params: searchParams })) return;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  current.set(read());
}

/** Shows another address without a step in the browser's history. */
export function replaceUrl(url: string): void {
  history.replaceState(null, '', url);
  current.set(read());
}

/** A parameter of the URL, and a function that sets it, which is the same in each render. */
export function useParam(name: string): readonly [string | undefined, (value: string | undefined) => void] {
  const value = useLocation().params.get(name) ?? undefined;
  const set = useCallback((next: string | undefined) => setParams({ [name]: next }, { replace: true }), [name]);
  return [value, set];
}
