import { z } from 'zod';

export const consolePage = z
  .strictObject({
    enabled: z
      .boolean()
      .optional()
      .meta({
        description:
          'Serves the page. Default: true with `auth` and in the demo, otherwise false. Without the page, `/` ' +
          'redirects to GraphiQL.',
      }),
  })
  .prefault({})
  .meta({ description: 'The console, a web page at `/` that shows the organization.' });

/** Whether the gateway serves the console. Without `auth`, every reader of the page acts with all principals. */
export const hasConsole = ({
  console: page,
  auth,
}: {
  readonly console: { readonly enabled?: boolean | undefined };
  readonly auth: { readonly type: string };
}): boolean => page.enabled ?? auth.type !== 'none';
