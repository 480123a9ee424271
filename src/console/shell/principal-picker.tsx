import './principal-picker.css';
import { CheckIcon, UpDownIcon } from '../components/icons.tsx';
import { Menu } from '../components/menu.tsx';
import { navigate, useLocation } from '../data/location.ts';
import { groupedId } from '../data/text.ts';
import { useOrganizationName, useViewer, type Viewer } from '../data/viewer.ts';

type Principal = Viewer['principal'];

/** Each principal has a color, so that it is always clear whose organization this is. */
const COLORS = ['#1f8a70', '#7a4fc9', '#b4652b', '#2b6cb0', '#a23b72', '#5f6b2e'];

/** `name`: undefined for the session's principal. */
export const principalColor = (viewer: Viewer | undefined, name = viewer?.principal.name): string => {
  const at = viewer?.principals.findIndex((each) => each.name === name) ?? -1;
  return COLORS[Math.max(0, at) % COLORS.length] ?? '';
};

/** Whose organization this is, and a menu of the others. */
export function PrincipalPicker() {
  const viewer = useViewer().data?.viewer;
  const { path, params } = useLocation();
  if (viewer === undefined) return <div className="principal principal-loading" />;
  const choose = (name: string) => {
    // What is open belongs to the principal before. The side and the form of a list do not.
    const keep = { side: params.get('side') ?? undefined, view: params.get('view') ?? undefined };
    navigate(path, { ...keep, as: name });
  };
  return (
    <Menu
      className="principal"
      label="Principal"
      button={
        <>
          <span className="principal-edge" style={{ background: principalColor(viewer) }} />
          <span className="visually-hidden">Principal</span>
          <span className="narrow-only principal-initials" aria-hidden="true">
            {viewer.principal.name.slice(0, 2)}
          </span>
          <span className="wide-only principal-text">
            <PrincipalName principal={viewer.principal} />
          </span>
          <span className="wide-only principal-chevron">
            <UpDownIcon size={14} />
          </span>
        </>
      }
    >
      {(close) =>
        viewer.principals.map((principal, at) => (
          <button
            key={principal.name}
            type="button"
            role="menuitemradio"
            aria-checked={principal.name === viewer.principal.name}
            onClick={() => {
              close();
              choose(principal.name);
            }}
          >
            <span className="principal-edge" style={{ background: COLORS[at % COLORS.length] }} />
            <span className="principal-text">
              <PrincipalName principal={principal} />
            </span>
            <span className="menu-note">{principal.name === viewer.principal.name && <CheckIcon size={14} />}</span>
          </button>
        ))
      }
    </Menu>
  );
}

export function PrincipalName({ principal: { name, accountId } }: { readonly principal: Principal }) {
  const organization = useOrganizationName(name);
  return (
    <>
      <span className="principal-name truncate">{organization.name}</span>
      <span className="principal-id truncate">
        {organization.isMember ? name : 'no organization'}
        {accountId && ` · ${groupedId(accountId)}`}
      </span>
    </>
  );
}
