import { isControlPolicyType } from '../../control-policies/check-control-policy.ts';
import { diagnosePolicy, MAX_DIAGNOSTICS } from '../../control-policies/diagnostics.ts';
import { readJson } from '../../control-policies/json.ts';
import { createPositions } from '../../control-policies/json-position.ts';
import { builder } from '../builder.ts';
import { upstreamCost } from '../cost/rules.ts';
import { checkPolicyContent } from '../policy-content.ts';
import { PolicyType } from '../policy-type.ts';
import { requires } from '../scopes.ts';

interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

const DiagnosticSeverity = builder.enumType('DiagnosticSeverity', {
  description: 'Whether AWS rejects a policy for something.',
  values: {
    ERROR: { description: 'AWS rejects the text.' },
    WARNING: { description: 'AWS accepts it, and it is likely a mistake.' },
  } satisfies Record<Diagnostic['severity'], object>,
});

const PolicyDiagnosticRef = builder.objectRef<Diagnostic>('PolicyDiagnostic').implement({
  description: 'What is wrong, or likely wrong, in the text of a policy.',
  fields: (t) => ({
    severity: t.expose('severity', {
      type: DiagnosticSeverity,
      nullable: false,
      description: 'Whether AWS rejects it.',
    }),
    code: t.exposeString('code', {
      nullable: false,
      description: 'What kind it is, such as `UNKNOWN_OPERATOR`. docs/control-policies.md lists them.',
    }),
    message: t.exposeString('message', { nullable: false, description: 'The expected and the actual value.' }),
    path: t.exposeString('path', {
      description: 'The place, such as `Statement[0].Condition`; null for the whole text.',
    }),
    line: t.exposeInt('line', { description: 'The line, from 1.' }),
    column: t.exposeInt('column', { description: 'The column, from 1, in UTF-16 code units.' }),
  }),
});

function diagnose(type: string, content: string): Diagnostic[] {
  if (isControlPolicyType(type))
    return diagnosePolicy(type, content).map(({ path, ...rest }) => ({ ...rest, path: path === '' ? null : path }));
  const rejection = checkPolicyContent(type, content);
  if (rejection === undefined) return [];
  const isMalformed = rejection.code === 'MalformedPolicyDocumentException';
  const read = isMalformed ? readJson(content) : undefined;
  const code = read === undefined ? 'TOO_LONG' : read.ok ? 'INVALID_ELEMENT' : 'INVALID_JSON';
  const position = read?.ok === false ? createPositions(content)(read.offset) : { line: null, column: null };
  return [{ severity: 'ERROR', code, message: withoutStop(rejection.message), path: null, ...position }];
}

const withoutStop = (message: string): string => message.replace(/\.$/, '');

builder.queryField('policyDiagnostics', (t) =>
  t.field({
    type: [PolicyDiagnosticRef],
    nullable: { list: false, items: false },
    description:
      'What AWS would reject in the text of a policy, and what is likely a mistake: errors, then warnings, at most 100. Makes no call. Service and resource control policies are checked completely, other types as JSON and by size.',
    args: {
      type: t.arg({ type: PolicyType, required: true, description: 'The type of the policy.' }),
      content: t.arg.string({ required: true, description: 'The text of the policy.' }),
    },
    extensions: { ...upstreamCost({ items: MAX_DIAGNOSTICS }), ...requires('read') },
    resolve: (_root, { type, content }) => diagnose(type, content),
  }),
);
