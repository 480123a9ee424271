import { policyActions } from '../../../data/organization/policy-actions.ts';

/** A policy that an account loses or gains. */
export interface MovedPolicy {
  readonly name: string;
  readonly type: string;
  /** Its text; null if it cannot be read. */
  readonly content: string | null;
}

export interface Meaning {
  readonly text: string;
  /** Whether it is a list of actions, which is shown as code. */
  readonly isCode: boolean;
  /** For what is more than a denial: a sentence. */
  readonly warning: string | undefined;
}

/** What it means for an account that a policy no longer applies (`isLost`), or applies from then on. */
export function meaningOf({ name, type, content }: MovedPolicy, isLost: boolean): Meaning {
  const statements = policyActions(content);
  if (type === 'SERVICE_CONTROL_POLICY' || type === 'RESOURCE_CONTROL_POLICY') {
    if (statements === undefined) return plain('Its text cannot be read');
    const { denied, allowed } = statements;
    const isAllowList = type === 'SERVICE_CONTROL_POLICY' && allowed.length > 0 && !allowed.includes('*');
    const warning = !isAllowList
      ? undefined
      : isLost
        ? `${name} no longer says what is allowed.`
        : `${name} allows ${shorten(allowed)} only: what no policy of this level allows is denied from then on.`;
    if (denied.length > 0) return { text: shorten(denied), isCode: true, warning };
    return { text: allowed.includes('*') ? 'Denies nothing' : `Allows ${shorten(allowed)}`, isCode: false, warning };
  }
  const [lost, gained] = EFFECTS[type] ?? ['Its settings no longer apply', 'Its settings apply'];
  const text = isLost ? lost : gained;
  return {
    text,
    isCode: false,
    warning: WARNED.has(type) ? `${name}: ${text.charAt(0).toLowerCase()}${text.slice(1)}.` : undefined,
  };
}

const plain = (text: string): Meaning => ({ text, isCode: false, warning: undefined });

const shorten = ([first = '', ...rest]: readonly string[]): string =>
  rest.length === 0 ? first : `${first}, ${rest.length} more`;

/** What a type does to an account that loses, or gains, a policy of it. */
const EFFECTS: Readonly<Record<string, readonly [lost: string, gained: string]>> = {
  BACKUP_POLICY: ['Its backups of this account stop', 'Its backups of this account begin'],
  TAG_POLICY: ['Its rules for tags no longer apply', 'Its rules for tags apply'],
  AISERVICES_OPT_OUT_POLICY: ['Its choices for AI services no longer apply', 'Its choices for AI services apply'],
  CHATBOT_POLICY: ['Chat applications are no longer limited by it', 'Chat applications are limited by it'],
  DECLARATIVE_POLICY_EC2: ['Its settings of EC2 are no longer enforced', 'Its settings of EC2 are enforced'],
  SECURITYHUB_POLICY: ['Security Hub is no longer set by it', 'Security Hub is set by it'],
  INSPECTOR_POLICY: ['Inspector is no longer set by it', 'Inspector is set by it'],
  BEDROCK_POLICY: ['Its guardrails of Bedrock no longer apply', 'Its guardrails of Bedrock apply'],
};

/** Types that do more than deny. */
const WARNED = new Set(Object.keys(EFFECTS).filter((type) => type !== 'TAG_POLICY'));
