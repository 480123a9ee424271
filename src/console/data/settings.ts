/** What the gateway says about itself in the page. */
interface PageSettings {
  /** Whether `/graphql` has GraphiQL. */
  readonly graphiql: boolean;
  /** How often an idle list gets a BOOKMARK at least. */
  readonly bookmarkMs: number;
  /** How users sign in; absent if they need not. */
  readonly signIn?: { readonly credential: 'key' | 'token'; readonly oidc?: OidcSettings };
}

/** The setting `console.oidc`. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly endpointOrigins: readonly string[];
}

/** The development server puts no settings into the page. */
const DEFAULTS: PageSettings = { graphiql: true, bookmarkMs: 60_000 };

export const pageSettings: PageSettings = {
  ...DEFAULTS,
  ...JSON.parse(document.getElementById('settings')?.textContent ?? '{}'),
};
