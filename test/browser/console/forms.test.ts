import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLObjectType,
  getNamedType,
  isUnionType,
  Kind,
  OperationTypeNode,
  parse,
} from 'graphql';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generatedDocuments } from '../../../scripts/console-documents.mjs';
import { sentenceOf } from '../../../src/console/actions/exceptions.ts';
import type { ErrorName } from '../../../src/simulator/model/errors.ts';
import type { OperationName } from '../../../src/simulator/model/operations.ts';
import { apiKey } from '../../support/api-key.ts';
import { startAuthorizingProxy } from '../../support/authorizing-proxy.ts';
import { launchChromium } from '../../support/browser.ts';
import {
  caseOf,
  type FormCase,
  type FormWorld,
  formNames,
  openForm,
  startFormWorld,
} from '../../support/console-forms.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { startAs } from '../../support/gateway.ts';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const mutations = schema.getMutationType()?.getFields() ?? {};

/** The exceptions of AWS that a mutation can have as its result. */
function exceptionsOf(field: string): readonly ErrorName[] {
  const type = mutations[field] && getNamedType(mutations[field].type);
  if (!isUnionType(type)) return [];
  const isException = (member: GraphQLObjectType) => member.getInterfaces().some(({ name }) => name === 'Error');
  return type
    .getTypes()
    .filter(isException)
    .map(({ name }) => name as ErrorName);
}

/** The mutations that the console sends to AWS. */
const sent = generatedDocuments(process.cwd())
  .flatMap((document: string) => parse(document).definitions)
  .flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.MUTATION
      ? definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === Kind.FIELD ? selection.name.value : [],
        )
      : [],
  )
  .filter((field) => exceptionsOf(field).length > 0);

let browser: Browser;
let world: FormWorld;

beforeAll(async () => {
  browser = await launchChromium();
  world = await startFormWorld();
});
afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

/** Pages of the gateways, each of which opens one form after the other. */
class Views implements AsyncDisposable {
  readonly #free: ConsolePage[] = [];
  readonly #all: ConsolePage[] = [];

  async take(each: FormCase): Promise<ConsolePage> {
    const { origin } = new URL((each.as === 'others' ? world.others : world.demo).url);
    const at = this.#free.findIndex(({ page }) => page.url().startsWith(origin));
    const [free] = at === -1 ? [] : this.#free.splice(at, 1);
    if (free !== undefined) return free;
    const opened = await ConsolePage.open(browser, `${origin}/status`);
    this.#all.push(opened);
    return opened;
  }

  give(view: ConsolePage): void {
    this.#free.push(view);
  }

  async expectNoFailures(): Promise<void> {
    for (const view of this.#all) await view.expectNoFailures();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const view of this.#all) await view[Symbol.asyncDispose]();
  }
}

const casesOfMutations = () =>
  [...formNames.map((name) => caseOf(world, name)), ...world.more].flatMap((each) =>
    each.mutation === undefined ? [] : { ...each, mutation: each.mutation },
  );

test('every mutation that the console sends has a form in which its exceptions are shown', () => {
  const shown = casesOfMutations().map(({ mutation }) => mutation);
  expect([...new Set(shown)].sort()).toEqual([...new Set(sent)].sort());
});

/** `npm run screenshots` writes a picture of each form here, to look at. */
const pictures = process.env['ORGQL_FORM_SCREENSHOTS'];

async function takePicture({ page }: ConsolePage, name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: join(pictures, `${name.replaceAll(' ', '-')}.png`) });
}

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

test('axe finds no violation in any form: light, dark, and on a phone', { timeout: 300_000 }, async () => {
  const violations: string[] = [];
  await using views = new Views();
  for (const name of formNames) {
    const each = caseOf(world, name);
    const view = await views.take(each);
    await openForm(view, each);
    for (const viewport of [DESKTOP, PHONE]) {
      await view.page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await view.page.emulateMedia({ colorScheme });
        const found = await view.accessibilityViolations();
        await takePicture(view, `${name}${viewport === PHONE ? ' phone' : ''} ${colorScheme}`);
        violations.push(...found.map((violation) => `${name}, ${colorScheme}, ${viewport.width} px: ${violation}`));
      }
    }
    await view.page.setViewportSize(DESKTOP);
    views.give(view);
  }
  expect(violations).toEqual([]);
  await views.expectNoFailures();
});

const THROTTLED = 'TooManyRequestsException';

test('every exception of AWS is shown in its form, in words, with code and request id', {
  timeout: 300_000,
}, async () => {
  await using views = new Views();
  const failing = new Map<OperationName, ErrorName>();
  const problems: string[] = [];
  const shown: string[] = [];
  /** Sends the form, and reads what it says when AWS throws the exception. */
  const provoke = async (view: ConsolePage, form: Locator, mutation: string, code: ErrorName): Promise<void> => {
    failing.set((mutation.charAt(0).toUpperCase() + mutation.slice(1)) as OperationName, code);
    world.demo.simulator.control.setFaults({
      failures: [...failing].map(([operation, error]) => ({ operation, failure: { kind: 'error', error } })),
    });
    await form.locator('button[type="submit"]').focus();
    await view.page.keyboard.press('Enter');
    const alert = form.getByRole('alert');
    await alert.getByText(new RegExp(`^${code}`)).waitFor();
    const { cause, next } = sentenceOf({
      ...{ code, reason: undefined, message: '', requestId: undefined, isRetryable: false, isUnknown: false },
    });
    const text = (await alert.textContent()) ?? '';
    if (!text.includes(`${cause} ${next}`) || !/Request [0-9a-f-]{36}/.test(text))
      problems.push(`${mutation}: ${text}`);
    shown.push(`${mutation}: ${code}`);
  };
  // The gateway repeats throttled calls for a while: other forms are opened meanwhile.
  const throttled: Promise<void>[] = [];
  for (const each of casesOfMutations()) {
    const { mutation } = each;
    const view = await views.take(each);
    const form = await openForm(view, each);
    const codes = exceptionsOf(mutation);
    for (const code of codes) if (code !== THROTTLED) await provoke(view, form, mutation, code);
    if (!codes.includes(THROTTLED)) views.give(view);
    else throttled.push(provoke(view, form, mutation, THROTTLED).then(() => views.give(view)));
  }
  await Promise.all(throttled);
  expect(problems).toEqual([]);
  const expected = [...new Set(sent)].flatMap((field) => exceptionsOf(field).map((code) => `${field}: ${code}`));
  expect(shown.sort()).toEqual(expected.sort());
  await views.expectNoFailures();
});

test('a caller that may only read sees in every form why it is not available, and nothing to send', {
  timeout: 300_000,
}, async () => {
  const { settings, authorization } = apiKey({ principals: Object.keys(world.accounts), scopes: ['read'] });
  await using restricted = await startAs(world.demo, world.accounts, { auth: { type: 'apiKeys', keys: [settings] } });
  await using proxy = await startAuthorizingProxy(restricted.url, authorization);
  await using view = await ConsolePage.open(browser, `${proxy.origin}/status`);
  for (const name of formNames) {
    const { path, url = path } = caseOf(world, name);
    await view.page.goto(`${proxy.origin}${url}`);
    await view.page
      .getByText(/This needs the scope [a-z]+:[a-z]+\. The operator of this gateway can grant it\./)
      .waitFor();
    expect(await view.page.locator('button[type="submit"]').count(), name).toBe(0);
  }
  await view.expectNoFailures();
});
