import './page.css';
import { type ReactNode, useEffect } from 'react';

interface PageProps {
  readonly title: string;
  /** Before the title: a way back. */
  readonly before?: ReactNode;
  /** Beside the title: tabs or a summary. */
  readonly beside?: ReactNode;
  /** At the right of the header: Copy as, export, the primary action. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** A `Drawer` of the open object. */
  readonly drawer?: ReactNode;
}

/** The frame of a screen: header, content, and a drawer beside them. */
export function Page({ title, before, beside, actions, children, drawer }: PageProps) {
  useEffect(() => {
    document.title = `${title} · orgql`;
  }, [title]);
  return (
    <div className="page" data-drawer={drawer ? true : undefined}>
      <main className="page-main" id="main" tabIndex={-1}>
        <header className="page-header">
          {before}
          <h1>{title}</h1>
          {beside}
          <div className="page-actions">{actions}</div>
        </header>
        {children}
      </main>
      {drawer}
    </div>
  );
}
