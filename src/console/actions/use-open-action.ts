import { FILLED, type Params, setParams, useLocation } from '../data/location.ts';
import { FORMS, type FormOf, type FormSubject } from './forms.ts';

interface OpenAction<Name extends string> {
  /** The action whose form the URL opens. */
  readonly action: Name | undefined;
  /** Values that a link has filled in, such as those of "Undo this change". */
  readonly filled: URLSearchParams;
  readonly openAction: (name: Name, params?: Params) => void;
  readonly closeAction: () => void;
}

/**
 * The open form of a page, or of its open object: `?action=move`. A link can fill it in: `?action=move&with-to=ou-…`, which `filled` has as
 * `to`. It sends nothing.
 */
export function useOpenAction<Subject extends FormSubject>(subject: Subject): OpenAction<FormOf<Subject>> {
  const names: readonly FormOf<Subject>[] = FORMS[subject];
  const { params } = useLocation();
  const named = params.get('action');
  const given = [...params].filter(([name]) => name.startsWith(FILLED));
  return {
    action: names.find((name) => name === named),
    filled: new URLSearchParams(given.map(([name, value]) => [name.slice(FILLED.length), value])),
    openAction: (name, more = {}) => setParams({ ...more, action: name }),
    closeAction: () => setParams({ action: undefined }, { replace: true }),
  };
}
