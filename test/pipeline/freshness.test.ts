import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCacheControl, readFreshness } from '../../src/pipeline/freshness.ts';
import type { Operation } from '../../src/pipeline/operation.ts';

const read = (orgql: unknown, cacheControl?: string) =>
  readFreshness({
    params: { extensions: { orgql } },
    request: { header: (name: string) => (name === 'cache-control' ? cacheControl : undefined) },
  } as unknown as Operation);

const each = <T>(values: readonly T[]) => [undefined, ...values];

describe('how old the data of an operation may be', () => {
  // Every combination of the members of both sources.
  for (const maxAge of each([60]))
    for (const onlyIfCached of each([true, false]))
      for (const noCache of each([true, false]))
        for (const sentAge of each([7]))
          for (const sentOnly of [false, true])
            for (const sentNoCache of [false, true]) {
              const extension = { maxAge, onlyIfCached, noCache };
              const directives = [
                sentAge === undefined ? [] : [`max-age=${sentAge}`],
                sentOnly ? ['only-if-cached'] : [],
                sentNoCache ? ['no-cache'] : [],
              ].flat();
              const header = directives.length > 0 ? directives.join(', ') : undefined;
              it(`follows the precedence for ${JSON.stringify(extension)} and ${header ?? 'no header'}`, () => {
                const found = read(extension, header);
                if (noCache === true || sentNoCache) {
                  expect(found).toEqual({ maxAgeMs: undefined, onlyIfCached: false, noCache: true });
                  return;
                }
                const seconds = maxAge ?? sentAge;
                const only = onlyIfCached ?? sentOnly;
                if (seconds === undefined && !only) expect(found).toBeUndefined();
                else
                  expect(found).toEqual({
                    maxAgeMs: seconds === undefined ? undefined : seconds * 1_000,
                    onlyIfCached: only,
                    noCache: false,
                  });
              });
            }

  it.for([
    [{ maxAge: -1 }, 'extensions.orgql.maxAge: expected a number of seconds, 0 or more, got -1.'],
    [{ maxAge: '60' }, 'extensions.orgql.maxAge: expected a number of seconds, 0 or more, got "60".'],
    [{ maxAge: Number.NaN }, 'extensions.orgql.maxAge: expected'],
    [{ maxAge: Number.POSITIVE_INFINITY }, 'extensions.orgql.maxAge: expected'],
    [{ onlyIfCached: 1 }, 'extensions.orgql.onlyIfCached: expected true or false, got 1.'],
    [{ noCache: 'yes' }, 'extensions.orgql.noCache: expected true or false, got "yes".'],
    [{ estimate: 'yes' }, 'extensions.orgql.estimate: expected true or false, got "yes".'],
    [{ maxage: 1 }, 'extensions.orgql has no member "maxage": known are maxAge, onlyIfCached, noCache, estimate.'],
    [JSON.parse('{ "__proto__": 1 }'), 'extensions.orgql has no member "__proto__"'],
    [[], 'extensions.orgql: expected an object, got [].'],
    ['maxAge=1', 'extensions.orgql: expected an object, got "maxAge=1".'],
  ] as const)('rejects %j', ([extension, message]) => {
    expect(() => read(extension)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
      }),
    );
  });

  it('accepts null as absent, and longer ages than JSON can hold in ms', () => {
    expect(read({ maxAge: null, onlyIfCached: null, noCache: null })).toBeUndefined();
    expect(read(null)).toBeUndefined();
    expect(read({ maxAge: 1e300 })?.maxAgeMs).toBe(2 ** 31 * 1_000);
  });
});

describe('the header Cache-Control', () => {
  it.for([
    ['max-age=60', { maxAge: 60 }],
    ['MAX-AGE="60"', { maxAge: 60 }],
    ['max-age=60, max-age=5', { maxAge: 60 }],
    ['no-cache', { noCache: true }],
    ['no-store', { noCache: true }],
    [' only-if-cached ,max-stale=5,max-age=0', { onlyIfCached: true, maxAge: 0 }],
    // Invalid or unknown directives are ignored: RFC 9111, section 5.2.3.
    ['max-age', {}],
    ['max-age=', {}],
    ['max-age=-1', {}],
    ['max-age=1.5', {}],
    ['max-age = 5', {}],
    ['max-age=soon, only-if-cached', { onlyIfCached: true }],
    ['no-cache=x, private, xmax-age=3', {}],
    ['community="a, no-cache, b"', {}],
    ['', {}],
    [',,;', {}],
  ] as const)('%j', ([header, expected]) => {
    expect(parseCacheControl(header)).toEqual(expected);
  });

  it('never throws and takes linear time, whatever a client sends', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('max-age', '=', '"', ',', ' ', '\\', '5', 'no-cache') }),
        (text) => {
          const { maxAge } = parseCacheControl(text);
          expect(maxAge === undefined || maxAge >= 0).toBe(true);
        },
      ),
    );
    for (const unit of [',', ' ', '="', 'a=",', 'a', '",'])
      expect(parseCacheControl(unit.repeat(16_384 / unit.length))).toEqual({});
  });
});
