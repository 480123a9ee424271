/** AWS's limit of a document's size, by type (test/console/policy-size.test.ts compares it with the gateway's). */
const LIMITS: Readonly<Record<string, number>> = {
  SERVICE_CONTROL_POLICY: 10_240,
  RESOURCE_CONTROL_POLICY: 5_120,
  AISERVICES_OPT_OUT_POLICY: 2_500,
  UPGRADE_ROLLOUT_POLICY: 5_120,
};
const DEFAULT_LIMIT = 10_000;

/** The types whose size counts in bytes of UTF-8; others count in characters. */
const IN_BYTES = new Set(['UPGRADE_ROLLOUT_POLICY']);

export interface PolicySize {
  readonly size: number;
  readonly limit: number;
  readonly unit: 'character' | 'byte';
}

/** The size of a document, as AWS counts it: with its white space. */
export function sizeOf(type: string, content: string): PolicySize {
  const inBytes = IN_BYTES.has(type);
  return {
    size: inBytes ? new TextEncoder().encode(content).length : [...content].length,
    limit: LIMITS[type] ?? DEFAULT_LIMIT,
    unit: inBytes ? 'byte' : 'character',
  };
}
