/** What the gateway says about itself in the page. */
interface PageSettings {
  /** Whether `/graphql` has GraphiQL. */
  readonly graphiql: boolean;
}

/** The development server puts no settings into the page. */
const DEFAULTS: PageSettings = { graphiql: true };

export const pageSettings: PageSettings = {
  ...DEFAULTS,
  ...JSON.parse(document.getElementById('settings')?.textContent ?? '{}'),
};
