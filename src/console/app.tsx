import { Component, type ErrorInfo, lazy, type ReactNode, Suspense, useEffect } from 'react';
import { AlertIcon } from './components/icons.tsx';
import { Page } from './components/page.tsx';
import { Empty, Failure } from './components/states.tsx';
import { isClockKnown } from './data/gateway-status.ts';
import { navigate, urlOf, useLocation } from './data/location.ts';
import { SessionProvider } from './data/session.tsx';
import { signIn } from './data/sign-in/sign-in.ts';
import { useStore } from './data/store.ts';
import { useOwnOrganization, useViewer } from './data/viewer.ts';
import { useTransfers } from './screens/transfers/use-transfers.ts';
import { screens } from './screens.ts';
import { Shell } from './shell/shell.tsx';
import { SignInAgain } from './sign-in/sign-in-again.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';

const pages = new Map(screens.map((screen) => [screen.path, lazy(screen.load)]));

export function App() {
  const { params } = useLocation();
  const state = useStore(signIn.state);
  if (state.name === 'signed-out' || state.name === 'busy' || state.name === 'handed-over') {
    return <SignInPage state={state} />;
  }
  return (
    <SessionProvider key={'caller' in state ? state.caller : ''} principal={params.get('as') ?? undefined}>
      <Shell>
        <Content />
      </Shell>
      <SignInAgain />
    </SessionProvider>
  );
}

function Content() {
  const { path } = useLocation();
  const viewer = useViewer();
  const isKnown = useStore(isClockKnown);
  const [error] = viewer.errors;
  if (viewer.data === null && error !== undefined) {
    return (
      <Page title="orgql">
        <Failure title="The gateway does not answer" error={error} onRetry={viewer.reload} />
      </Page>
    );
  }
  if (path === '/') return <Home />;
  if (!isKnown) return null;
  const Screen = pages.get(path);
  if (Screen === undefined) return <NoPage />;
  return (
    <ErrorBoundary key={path}>
      <Suspense fallback={null}>
        <Screen />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Chooses the first page: Transfers if there are any, else Organization; Invitations for an account in no organization. */
function Home() {
  const { isLoading, isMember } = useOwnOrganization();
  const inbound = useTransfers('inbound').list;
  const outbound = useTransfers('outbound').list;
  const hasTransfers = inbound.rows.size > 0 || outbound.rows.size > 0;
  // A list that cannot be read says why on its page.
  const isFailed = [inbound, outbound].some(({ status }) => status.state === 'ended');
  const isEmpty = inbound.isReady && outbound.isReady && !hasTransfers;
  useEffect(() => {
    if (isLoading) return;
    if (!isMember) navigate('/invitations', { side: 'received' }, { replace: true });
    else if (hasTransfers || isFailed) navigate('/transfers', {}, { replace: true });
    else if (isEmpty) navigate('/organization', {}, { replace: true });
  }, [isLoading, isMember, hasTransfers, isFailed, isEmpty]);
  return null;
}

function NoPage() {
  const { path } = useLocation();
  const [first] = screens;
  return (
    <Page title="No such page">
      <Empty
        icon={<AlertIcon size={20} />}
        title="There is no such page"
        actions={
          first && (
            <a className="button" href={urlOf(first.path)}>
              Open {first.name}
            </a>
          )
        }
      >
        The console has no page {path}.
      </Empty>
    </Page>
  );
}

/** A page that fails leaves the others usable. */
class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: Error | undefined }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo) {
    console.error(error, componentStack);
  }

  override render() {
    const { error } = this.state as { readonly error: Error | undefined };
    if (error === undefined) return this.props.children;
    return (
      <Page title="orgql">
        <Empty
          icon={<AlertIcon size={20} />}
          title="This page has failed"
          actions={
            <button type="button" className="button" onClick={() => location.reload()}>
              Reload
            </button>
          }
        >
          {error.message}
        </Empty>
      </Page>
    );
  }
}
