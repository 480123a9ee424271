import type { PageOptions } from '../examples.ts';
import { EventList } from './event-list.ts';
import { findVariables } from './find-variables.ts';
import type { Fetcher, FetcherOptions, GraphiQLParams, Monaco, Tab, TabsState } from './graphiql-types.ts';
import { PRINCIPAL_HEADER, PrincipalSelect } from './principal-select.ts';
import { Run } from './run.ts';
import { type Headers, post, postOnce, subscribe } from './transport.ts';

declare global {
  /** Set by the editors in GraphiQL's script when `MonacoEnvironment.globalAPI` is true. */
  var monaco: Monaco | undefined;
}

let environment: object | undefined;
// GraphiQL's script, which runs after this one, sets it with globalAPI: false.
Object.defineProperty(globalThis, 'MonacoEnvironment', {
  get: () => environment,
  set: (value: object) => {
    environment = { ...value, globalAPI: true };
  },
});

/** The options of GraphiQL: those of the page, and this page's own way of running operations. */
export function createOptions(): object {
  const { page, ...options } = JSON.parse(document.getElementById('graphiql-options')?.textContent ?? '{}') as {
    readonly page: PageOptions;
  };
  const select = document.querySelector<HTMLSelectElement>('#orgql-principal');
  if (!select) throw new Error('the page has no list of principals');
  const principals = new PrincipalSelect(select, page.principals);
  const runs = new Map<string, Run>();
  let active: Tab | undefined;
  /** The run that the next call of the fetcher shows again. */
  let resumed: Run | undefined;

  // Most documents and answers are wider than half a window.
  globalThis.monaco?.editor.onDidCreateEditor((editor) => editor.updateOptions({ wordWrap: 'on' }));
  const loadPrincipals = (headers?: Headers) => principals.load((query, sent) => postOnce({ query }, sent), headers);
  const loaded = loadPrincipals();

  const onTabChange = ({ tabs, activeTabIndex }: TabsState): void => {
    const before = active;
    active = tabs[activeTabIndex];
    for (const [id, run] of runs) {
      if (tabs.some((tab) => tab.id === id)) continue;
      runs.delete(id);
      run.stop();
    }
    principals.show(active);
    if (before?.id === active?.id) return;
    // GraphiQL calls this while it changes its state, and does so before its editors have the tab's texts.
    queueMicrotask(() => {
      if (before) runs.get(before.id)?.detach();
      resume(active);
    });
  };

  /** Has GraphiQL run a tab's operation again, so that it listens to the run that is there. */
  const resume = (tab: Tab | undefined): void => {
    const run = tab && runs.get(tab.id);
    if (!run) return;
    resumed = run;
    void editorOf('variables.json')?.getAction('graphql-run')?.run();
  };

  const fetcher: Fetcher = async (params, { headers = {}, documentAST }: FetcherOptions = {}) => {
    if (params.operationName === 'IntrospectionQuery') return postOnce(params, headers ?? {});
    const run = takeResumed(active) ?? start(params, headers ?? {}, documentAST);
    return run.observable(() =>
      // When it is because of another tab, `onTabChange` is called before this.
      queueMicrotask(() => {
        if (active?.id === run.tabId) stop(run);
      }),
    );
  };

  const takeResumed = (tab: Tab | undefined): Run | undefined => {
    const run = resumed;
    resumed = undefined;
    return run?.tabId === tab?.id ? run : undefined;
  };

  const stop = (run: Run): void => {
    if (runs.get(run.tabId) === run) runs.delete(run.tabId);
    run.stop();
  };

  const start = (params: GraphiQLParams, headers: Headers, documentAST: FetcherOptions['documentAST']): Run => {
    const tabId = active?.id ?? '';
    const run = new Run(tabId);
    runs.get(tabId)?.stop();
    runs.set(tabId, run);
    const tab = active;
    const operation = operationOf(params, documentAST);
    loaded
      .then(() => execute(run, params, principals.headersFor(tab, headers), operation))
      // With `auth`, the page could not read them without the headers of this tab.
      .then((isAccepted) => (isAccepted ? loadPrincipals(headers) : undefined))
      .catch((error: unknown) => {
        if (run.signal.aborted) return;
        run.append({ errors: [{ message: error instanceof Error ? error.message : String(error) }] });
        run.finish();
      });
    return run;
  };

  /** Returns whether the gateway has accepted the headers. */
  const execute = async (
    run: Run,
    params: GraphiQLParams,
    headers: Headers,
    operation: ReturnType<typeof operationOf>,
  ): Promise<boolean> => {
    const { found, failure } = await findVariables(page.variables[operation?.name?.value ?? ''], params, (query) =>
      postOnce(query, headers),
    );
    if (run.signal.aborted) return false;
    if (failure) {
      run.append(failure);
      run.finish();
      return false;
    }
    const complete = { ...params, variables: { ...params.variables, ...found } };
    if (operation?.operation === 'subscription') {
      listen(run, complete, headers, new EventList(found));
      return false;
    }
    const isFound = Object.keys(found).length > 0;
    let isAccepted = false;
    await post(
      complete,
      headers,
      (result) => {
        isAccepted ||= result.data !== undefined;
        run.append(isFound ? { ...result, extensions: { variables: found, ...result.extensions } } : result);
      },
      run.signal,
    );
    run.finish();
    return isAccepted;
  };

  const listen = (run: Run, params: GraphiQLParams, headers: Headers, events: EventList): void => {
    const render = () => run.replace(() => events.toJSON());
    const end = subscribe(params, headers, principalIn(headers), {
      next(event) {
        events.add(event);
        render();
      },
      error(errors) {
        events.fail(errors);
        render();
        run.finish();
      },
      complete() {
        events.complete();
        render();
        run.finish();
      },
    });
    run.signal.addEventListener('abort', end);
  };

  return { ...options, fetcher, onTabChange };
}

function operationOf({ operationName }: GraphiQLParams, documentAST: FetcherOptions['documentAST']) {
  const operations = documentAST?.definitions.filter(({ kind }) => kind === 'OperationDefinition') ?? [];
  return operations.find(({ name }) => name?.value === operationName) ?? operations[0];
}

function principalIn(headers: Headers): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === PRINCIPAL_HEADER)?.[1];
}

function editorOf(file: string) {
  return globalThis.monaco?.editor.getEditors().find((editor) => editor.getModel()?.uri.path.endsWith(file));
}
