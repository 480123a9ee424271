import type { PolicyRow } from '../../../data/organization/lists.ts';
import type { PolicyView } from '../use-policy-view.ts';

/** The actions on policies, by their names in the URL. */
export const POLICY_ACTIONS = ['new', 'edit', 'attach', 'detach', 'delete', 'enable', 'disable'] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

export interface PolicyFormProps {
  readonly action: PolicyAction;
  readonly view: PolicyView;
  /** The open policy; undefined for actions on a type. */
  readonly policy: PolicyRow | undefined;
  /** The action of the page's question. */
  readonly asked: string | undefined;
  /** Values that a link has filled in. */
  readonly filled: URLSearchParams;
  readonly onClose: () => void;
}

/** Those of a form about one policy. */
export interface OnePolicyProps extends PolicyFormProps {
  readonly policy: PolicyRow;
}
