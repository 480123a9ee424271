import { LRUCache } from 'lru-cache';
import type { HttpRequest } from '../http/request.ts';
import { sendText } from '../http/response.ts';
import { sendPage } from '../http/static-files.ts';
import { type ConsoleAssets, loadConsoleAssets, type PageSettings } from './assets.ts';

/** The paths of the page's screens. The page reads the path itself. */
const PAGES = new Set(['/', '/transfers', '/invitations', '/organization', '/policies', '/activity', '/status']);

/** Below it are the page's files, whose names change with their content. */
const FILES = '/console/';

/** Where an OpenID Connect issuer sends its users back to. */
const REDIRECT_PATH = '/signed-in';

/** Whether the console answers requests of this path. */
export const isConsolePath = (path: string, { signIn }: PageSettings): boolean =>
  isPagePath(path, signIn) || path.startsWith(FILES);

const isPagePath = (path: string, signIn: PageSettings['signIn']): boolean =>
  PAGES.has(path) || (path === REDIRECT_PATH && signIn?.oidc !== undefined);

/** Lets the page load and run its own files only, and connect to this gateway and to the issuer of its users only. */
function policyOf({ signIn }: PageSettings): string {
  const { oidc } = signIn ?? {};
  const connections = oidc ? [new URL(oidc.issuer).origin, ...oidc.endpointOrigins] : [];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    ["connect-src 'self'", ...new Set(connections)].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text can become a script: React sets none.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** Serves the console: its page at the paths of its screens, and its files, which the first request reads. */
export function consolePages(
  settings: PageSettings,
  maskError: (error: unknown) => unknown,
  load: (settings: PageSettings) => Promise<ConsoleAssets> = loadConsoleAssets,
) {
  const loaded = new LRUCache<string, ConsoleAssets>({ max: 1, fetchMethod: () => load(settings) });

  const policy = policyOf(settings);
  const { signIn } = settings;

  return (request: HttpRequest): boolean => {
    const { path, method } = request;
    if ((method !== 'GET' && method !== 'HEAD') || !isConsolePath(path, settings)) return false;
    const isPage = isPagePath(path, signIn);
    const sent = loaded.forceFetch('assets').then(({ page, signedInPage, files }) => {
      if (!isPage) return files.send(request, path.slice(FILES.length));
      const isSignedIn = request.header('authorization') !== undefined;
      return sendPage(request, isSignedIn ? signedInPage : page, policy, { vary: 'authorization' });
    });
    sent.catch((error: unknown) => {
      // Logs it.
      maskError(error);
      if (!request.isGone) sendText(request.response, 500, 'The console cannot be loaded; the gateway has logged why.');
    });
    return true;
  };
}
