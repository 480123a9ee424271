import { ConfigError } from '../../config/config-error.ts';
import type { PrincipalKind } from '../../control-policies/access-request.ts';
import {
  type ControlPolicyDecision,
  ControlPolicyInputError,
  prepareOrganization,
} from '../../control-policies/index.ts';
import { decideRequest } from './decide-request.ts';
import type { NamedOrganization } from './gateway-organization.ts';
import { readOrganizationFile } from './organization-file.ts';
import { formatLevels, nameStatement } from './print-results.ts';
import type { SourceOptions } from './source.ts';

/** Values by condition key. Null: the request does not have the key. */
export type ContextOption = Readonly<Record<string, readonly string[] | null>>;

export interface ExplainOptions extends SourceOptions {
  readonly account: string;
  readonly action: string;
  readonly resource?: string;
  readonly context?: ContextOption;
  readonly callerAccount?: string;
  readonly callerKind?: PrincipalKind;
  /** File with the organization, instead of a gateway or AWS. */
  readonly file?: string;
}

/** `orgql policies explain`: prints the levels and the statement that decides. */
export async function explain(options: ExplainOptions): Promise<void> {
  const { account, action, resource, context, callerAccount, callerKind, file, ...source } = options;
  const {
    organization,
    facts,
    options: evaluation,
    names,
  } = await read(file, source, callerAccount === undefined ? [account] : [account, callerAccount]);
  const nameOf = (id: string) => (names.has(id) ? `${id} (${names.get(id)})` : id);
  const principal = {
    ...(callerAccount !== undefined && { account: callerAccount }),
    ...(callerKind !== undefined && { kind: callerKind }),
  };
  const decision = decide(() => {
    const prepared = prepareOrganization(organization, evaluation);
    if (![account, callerAccount].some((id) => id !== undefined && prepared.accounts.has(id))) {
      throw new ConfigError(`--account: ${account} is not an account of the organization`);
    }
    const request = {
      account,
      action,
      principal,
      ...(resource !== undefined && { resource }),
      ...(context !== undefined && { context }),
    };
    return decideRequest(prepared, request, facts);
  });
  const lines = [
    `${action}${resource === undefined ? '' : ` on ${resource}`}, account ${nameOf(account)}`,
    '',
    ...formatLevels(decision, nameOf),
    ...describeBindings(decision),
    '',
    describeDecision(decision, nameOf),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function read(
  file: string | undefined,
  source: SourceOptions,
  accounts: readonly string[],
): Promise<NamedOrganization> {
  if (file === undefined) return (await import('./source.ts')).readOrganization(source, accounts);
  const other = (['url', 'principal', 'config'] as const).find((name) => source[name] !== undefined);
  if (other !== undefined) throw new ConfigError(`--${other}: has no effect with --file; give one of them`);
  return { organization: await readOrganizationFile(file), facts: undefined, names: new Map() };
}

function decide(evaluate: () => ControlPolicyDecision): ControlPolicyDecision {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof ControlPolicyInputError)) throw error;
    throw new ConfigError(
      error.message.replace(/^request\.principal\.account/, '--caller-account').replace(/^request\./, '--'),
    );
  }
}

function describeBindings({ bindings }: ControlPolicyDecision): readonly string[] {
  const { serviceControlPolicies: scps, resourceControlPolicies: rcps } = bindings;
  return [
    ...(scps === 'BOUND' ? [] : [`SCPs do not restrict the request: ${scps}`]),
    ...(rcps === 'BOUND' ? [] : [`RCPs do not restrict the request: ${rcps}`]),
  ];
}

function describeDecision(
  { decision, because, levels, missingContextKeys = [], unresolved = [] }: ControlPolicyDecision,
  nameOf: (id: string) => string,
): string {
  if (decision === 'ALLOWED') return 'ALLOWED: no control policy denies the request. Control policies grant nothing.';
  if (decision === 'DEPENDS') {
    const keys = missingContextKeys.map((key) => `--context ${key}=VALUE`).join(' ');
    const parts = [
      ...(keys === '' ? [] : [`add ${keys}, or --absent KEY`]),
      ...(unresolved.length === 0 ? [] : ['parts of policies are not evaluated']),
    ];
    return `DEPENDS: ${parts.join('; ')}`;
  }
  if (because === undefined) return 'DENIED by several statements or levels';
  if (because.reason === 'NO_ALLOW') return `DENIED: no SCP at ${nameOf(because.level)} allows the request`;
  const deny = levels
    .flatMap(({ statements }) => statements)
    .find(({ effect, matches }) => effect === 'Deny' && matches === 'YES');
  return `DENIED by ${deny ? nameStatement(deny) : because.policy} at ${nameOf(because.level)}`;
}
