import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate, urlOf } from '../data/location.ts';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** A page of the console. */
  readonly to: string;
  readonly params?: Readonly<Record<string, string | undefined>>;
}

/** A link to a page of the console, as the same principal, without loading the console again. */
export function Link({ to, params, onClick, ...attributes }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    // The browser opens another tab or window.
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    navigate(to, params);
  };
  return <a {...attributes} href={urlOf(to, params)} onClick={follow} />;
}
