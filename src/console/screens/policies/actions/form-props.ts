import type { FormOf } from '../../../actions/forms.ts';
import type { PolicyRow } from '../../../data/organization/lists.ts';
import type { PolicyView } from '../use-policy-view.ts';

export type PolicyAction = FormOf<'policies'>;

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
