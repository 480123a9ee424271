import { hasConsole } from '../../config/console.ts';
import type { Config } from '../../config/index.ts';
import { pageSettings } from '../console/assets.ts';
import { isConsolePath } from '../console/route.ts';
import { EVENTBRIDGE_PATH } from '../http/hints.ts';
import { PROBE_PATHS } from '../http/probes.ts';
import { ENDPOINT } from '../request-checks.ts';

type PathSettings = Pick<Config, 'graphiql' | 'console' | 'hints' | 'auth' | 'watch'>;

/** Decides which requests of an application's server are for the gateway. */
export class Paths {
  readonly #basePath: string;
  readonly #isOwn: (path: string) => boolean;

  /** @throws {TypeError} if the base path is not one, or the console cannot be below it */
  constructor(config: PathSettings, basePath: unknown = '') {
    this.#basePath = checkBasePath(basePath);
    if (this.#basePath !== '' && hasConsole(config)) {
      throw new TypeError(
        `basePath: the console has to be at the root of a server, not at ${this.#basePath}; set console.enabled to false, ` +
          `or leave basePath out`,
      );
    }
    this.#isOwn = ownPaths(config);
  }

  /**
   * The URL relative to where the gateway is mounted; undefined if the request is for another handler. `original`: the
   * whole URL if the application has removed the path where it has mounted the gateway, as Express does.
   */
  relativeUrl(url: string, original = url): string | undefined {
    if (this.#basePath === '') return this.#ownUrl(url);
    return original.startsWith(this.#basePath) ? this.#ownUrl(original.slice(this.#basePath.length)) : undefined;
  }

  /** Whether a WebSocket with this URL is for the gateway. */
  isEndpoint(url: string): boolean {
    return pathOf(url) === `${this.#basePath}${ENDPOINT}`;
  }

  #ownUrl(url: string): string | undefined {
    return this.#isOwn(pathOf(url)) ? url : undefined;
  }
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

function ownPaths(config: PathSettings): (path: string) => boolean {
  const page = hasConsole(config) ? pageSettings(config) : undefined;
  return (path) =>
    path === ENDPOINT ||
    path.startsWith(`${ENDPOINT}/`) ||
    PROBE_PATHS.has(path) ||
    (path === EVENTBRIDGE_PATH && config.hints.eventbridge !== undefined) ||
    (page !== undefined && isConsolePath(path, page));
}

function checkBasePath(basePath: unknown): string {
  if (typeof basePath === 'string' && /^(?:\/[\w.~-]+)*$/.test(basePath)) return basePath;
  throw new TypeError(
    `basePath: expected '' or a path such as '/organizations', without a slash at its end and without /graphql, which ` +
      `the gateway adds; got ${JSON.stringify(basePath) ?? String(basePath)}`,
  );
}
