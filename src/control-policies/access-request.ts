import { throwUnexpected } from './input-error.ts';
import { createRequestContext, type RequestContext } from './request-context.ts';

export const principalKinds = ['ROLE', 'USER', 'ROOT', 'SERVICE_LINKED_ROLE', 'SERVICE', 'ANONYMOUS'] as const;
/** `SERVICE` is an AWS service principal, `ROOT` an account's root user. */
export type PrincipalKind = (typeof principalKinds)[number];

export interface RequestPrincipal {
  /** Default: `ROLE`. */
  readonly kind?: PrincipalKind;
  /** Account id of the principal. Default: the account of the request. */
  readonly account?: string;
}

/** A string, a list of strings, or null for a key that the request does not have. Keys ignore case. */
export type RequestContextInput = Readonly<Record<string, string | readonly string[] | null>>;

/** What a principal wants to do, without the account. */
export interface AccessRequestDetails {
  readonly principal?: RequestPrincipal;
  /** `service:Name`, such as `s3:GetObject`. */
  readonly action: string;
  /** ARN of the resource. Without one, the request stands for `*`. */
  readonly resource?: string;
  /** Values of condition keys. Keys that it does not list are unknown. */
  readonly context?: RequestContextInput;
  /** Whether the resource is an AWS managed KMS key, which RCPs do not restrict. */
  readonly isAwsManagedKey?: boolean;
}

export interface AccessRequest extends AccessRequestDetails {
  /** Id of the account that owns the resource or receives the call. */
  readonly account: string;
}

/** A request in the form in which it is compared with statements. */
export interface ParsedRequest {
  readonly kind: PrincipalKind;
  readonly principalAccount: string | undefined;
  readonly service: string;
  readonly action: string;
  readonly resource: string | undefined;
  readonly context: RequestContext;
  readonly isAwsManagedKey: boolean;
}

/** Bounds of a request, so that comparing it with a policy of 10 KB takes a fraction of a second at most. */
const MAX_TEXT = 2_048;
const MAX_CONTEXT_CHARACTERS = 32_768;

/** @throws ControlPolicyInputError if a member is not valid */
export function parseRequest(request: AccessRequestDetails): ParsedRequest {
  const { principal = {}, action, resource, context = {}, isAwsManagedKey = false } = request;
  const { kind = 'ROLE', account } = principal;
  if (!principalKinds.includes(kind)) throwUnexpected('request.principal.kind', principalKinds.join(', '), kind);
  if (account !== undefined) checkAccountId('request.principal.account', account);
  if (typeof action !== 'string' || !/^[A-Za-z0-9-]{1,64}:[A-Za-z0-9]{1,128}$/.test(action)) {
    throwUnexpected('request.action', 'service:Name, such as s3:GetObject', action);
  }
  if (resource !== undefined) checkText('request.resource', resource);
  const lower = action.toLowerCase();
  return {
    kind,
    principalAccount: account,
    service: lower.slice(0, lower.indexOf(':')),
    action: lower,
    resource: resource === '*' ? undefined : resource,
    context: parseContext(context),
    isAwsManagedKey,
  };
}

/** Callers in other languages than TypeScript pass what they like. */
export function checkAccountId(path: string, account: unknown): void {
  if (typeof account !== 'string' || !/^\d{12}$/.test(account)) {
    throwUnexpected(path, 'an account id of 12 digits', account);
  }
}

function checkText(path: string, text: unknown): void {
  const expected = `text of 1 to ${MAX_TEXT} characters`;
  if (typeof text !== 'string') throwUnexpected(path, expected, text);
  if (text.length === 0 || text.length > MAX_TEXT) throwUnexpected(path, expected, `${text.slice(0, 40)}…`);
}

function parseContext(context: RequestContextInput): RequestContext {
  const seen = new Set<string>();
  let characters = 0;
  for (const [key, value] of Object.entries(context)) {
    const path = `request.context[${JSON.stringify(key)}]`;
    if (seen.has(key.toLowerCase())) throwUnexpected(path, 'each key once, as keys ignore case', key);
    seen.add(key.toLowerCase());
    characters += key.length;
    const values: unknown = value === null ? [] : typeof value === 'string' ? [value] : value;
    if (!Array.isArray(values)) throwUnexpected(path, 'text, a list of texts or null', value);
    for (const item of values) {
      if (typeof item !== 'string' || item.length > MAX_TEXT) {
        throwUnexpected(path, `text of at most ${MAX_TEXT} characters, a list of such, or null`, item);
      }
      characters += item.length + 1;
    }
    if (characters > MAX_CONTEXT_CHARACTERS) {
      throwUnexpected('request.context', `at most ${MAX_CONTEXT_CHARACTERS} characters`, 'more');
    }
  }
  return createRequestContext(Object.entries(context), () => false);
}
