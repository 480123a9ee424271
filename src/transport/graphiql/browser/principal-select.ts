import type { GraphQLResult, Tab } from './graphiql-types.ts';
import type { Headers } from './transport.ts';

/** Says the principal of the open tab. Same as PRINCIPAL_HEADER of the gateway. */
export const PRINCIPAL_HEADER = 'x-orgql-principal';

const QUERY = 'query Principals { viewer { principal { name } principals { name } } }';

/** The list from which a tab's principal is chosen. A tab has the one of its example until another is chosen for it. */
export class PrincipalSelect {
  readonly #element: HTMLSelectElement;
  readonly #examples: Readonly<Record<string, string>>;
  /** By tab id. */
  readonly #chosen = new Map<string, string>();
  #names: readonly string[] = [];
  #default: string | undefined;
  #tab: Tab | undefined;

  constructor(element: HTMLSelectElement, examples: Readonly<Record<string, string>>) {
    this.#element = element;
    this.#examples = examples;
    element.addEventListener('change', () => {
      if (this.#tab) this.#chosen.set(this.#tab.id, element.value);
    });
  }

  /** Reads the caller's principals. With `auth`, that needs the headers of a request that was accepted. */
  async load(run: (query: string, headers: Headers) => Promise<GraphQLResult>, headers: Headers = {}): Promise<void> {
    if (this.#names.length > 0) return;
    const { data } = await run(QUERY, headers).catch((): GraphQLResult => ({}));
    const viewer = (data as { viewer?: { principal: { name: string }; principals: { name: string }[] } } | undefined)
      ?.viewer;
    if (!viewer) return;
    this.#names = viewer.principals.map(({ name }) => name);
    this.#default = this.#names[0];
    this.#element.replaceChildren(...this.#names.map((name) => new Option(name, name)));
    this.#element.disabled = this.#names.length < 2;
    this.#update();
  }

  show(tab: Tab | undefined): void {
    this.#tab = tab;
    this.#update();
  }

  /** The principal of a tab, unless it is the default or its headers name one. */
  headersFor(tab: Tab | undefined, headers: Headers): Headers {
    const named = Object.keys(headers).some((name) => name.toLowerCase() === PRINCIPAL_HEADER);
    const principal = this.#principalOf(tab);
    return named || principal === undefined || principal === this.#default
      ? headers
      : { ...headers, [PRINCIPAL_HEADER]: principal };
  }

  #principalOf(tab: Tab | undefined): string | undefined {
    const name = tab && (this.#chosen.get(tab.id) ?? this.#examples[tab.title]);
    return name !== undefined && this.#names.includes(name) ? name : this.#default;
  }

  #update(): void {
    const principal = this.#principalOf(this.#tab);
    if (principal !== undefined) this.#element.value = principal;
  }
}
