import { useEffect, useState } from 'react';
import { useSession } from '../../../data/session.tsx';
import {
  PolicyDiagnosticsDocument,
  type PolicyDiagnosticsQuery,
  type PolicyDiagnosticsQueryVariables,
} from './policy-actions.generated.ts';

export type Diagnostic = PolicyDiagnosticsQuery['policyDiagnostics'][number];

/** The time without typing after which a text is checked, in ms. */
const DELAY_MS = 300;

interface Checked {
  readonly content: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Diagnostics {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether they are of the text as it is now. */
  readonly isCurrent: boolean;
}

/** What AWS would reject in a text, and what is likely a mistake. It costs no call. */
export function useDiagnostics(type: string, content: string): Diagnostics {
  const { queries } = useSession();
  const [checked, setChecked] = useState<Checked>({ content: '', diagnostics: [] });
  useEffect(() => {
    if (content.trim() === '') return setChecked({ content, diagnostics: [] });
    let isLatest = true;
    const timer = setTimeout(async () => {
      const variables = { type: type as PolicyDiagnosticsQueryVariables['type'], content };
      const { data } = await queries.execute(PolicyDiagnosticsDocument, variables);
      // Without an answer, AWS checks it when it is saved.
      if (isLatest) setChecked({ content, diagnostics: data?.policyDiagnostics ?? [] });
    }, DELAY_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [queries, type, content]);
  return { diagnostics: checked.diagnostics, isCurrent: checked.content === content };
}
