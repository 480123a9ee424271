import './copy-as.css';
import { useState } from 'react';
import { useSession } from '../data/session.tsx';
import { pageSettings } from '../data/settings.ts';
import { shellQuoted } from '../data/text.ts';
import { useViewer } from '../data/viewer.ts';
import { Segmented } from './controls.tsx';
import { ChevronDownIcon, CodeIcon, CopyIcon, ExternalIcon } from './icons.tsx';
import { announce } from './live-region.tsx';
import { Menu } from './menu.tsx';

export interface CopyAsProps {
  /** The view's document, as it is sent. */
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Commands of the AWS CLI that read the same, or why there are none. */
  readonly aws: readonly string[] | string;
  /** Only the symbol, in a drawer. */
  readonly isSmall?: boolean;
}

type Form = 'graphql' | 'curl' | 'aws';

const FORMS = [
  { value: 'graphql', label: 'GraphQL' },
  { value: 'curl', label: 'curl' },
  { value: 'aws', label: 'AWS CLI' },
] as const;

/** The view as it is, for other programs. `C` opens it. */
export function CopyAs(props: CopyAsProps) {
  return (
    <Menu
      className={props.isSmall ? 'button button-icon copy-as-button' : 'button copy-as-button'}
      label="Copy as"
      isIcon={props.isSmall ?? false}
      align="end"
      role="dialog"
      button={
        props.isSmall ? (
          <CodeIcon />
        ) : (
          <>
            <CodeIcon /> Copy as <ChevronDownIcon size={14} />
          </>
        )
      }
    >
      {() => <Forms {...props} />}
    </Menu>
  );
}

function Forms({ document, variables = {}, aws }: CopyAsProps) {
  const [form, setForm] = useState<Form>('graphql');
  const { principal } = useSession();
  const hasCredentials = useViewer().data?.viewer.caller !== 'anonymous';
  const hasVariables = Object.keys(variables).length > 0;
  const graphql = hasVariables ? `${document}\n\n# variables\n${JSON.stringify(variables, undefined, 2)}` : document;
  const commands = typeof aws === 'string' ? `# ${aws}` : aws.join('\n');
  const text = { graphql, curl: curlOf(document, variables, { principal, hasCredentials }), aws: commands }[form];
  const graphiql = `/graphql?${new URLSearchParams({ query: document, ...(hasVariables && { variables: JSON.stringify(variables) }) })}`;
  return (
    <div className="copy-as">
      <div className="copy-as-bar">
        <Segmented label="Form" value={form} options={FORMS} onChange={setForm} isSmall />
        {pageSettings.graphiql && (
          <a className="button" href={graphiql} target="_blank" rel="noreferrer">
            <ExternalIcon size={14} /> GraphiQL
          </a>
        )}
        <button
          type="button"
          className="button button-primary"
          onClick={() => void navigator.clipboard.writeText(text).then(() => announce('Copied'))}
        >
          <CopyIcon size={14} /> Copy
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard. */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

interface CurlOptions {
  readonly principal: string | undefined;
  readonly hasCredentials: boolean;
}

function curlOf(query: string, variables: object, { principal, hasCredentials }: CurlOptions): string {
  const isStream = query.trimStart().startsWith('subscription');
  const body = JSON.stringify({ query: query.replace(/\s+/g, ' '), variables });
  return [
    `curl -s${isStream ? 'N' : ''} ${location.origin}/graphql`,
    ...(hasCredentials ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(principal === undefined ? [] : [`-H ${shellQuoted(`x-orgql-principal: ${principal}`)}`]),
    ...(isStream ? ["-H 'accept: text/event-stream'"] : []),
    "-H 'content-type: application/json'",
    `-d ${shellQuoted(body)}`,
  ].join(' \\\n  ');
}
