import { z } from 'zod';
import { text } from './values.ts';

export const mcp = z
  .strictObject({
    documents: text.optional().meta({
      expected: 'the path of a folder',
      examples: ['/etc/orgql/tools'],
      description:
        'A folder with an operation in each `.graphql` file. Default: the tools that orgql has (docs/mcp.md).',
    }),
    mutations: z.boolean().default(false).meta({
      description: 'Whether mutations of the folder are tools, each with a preview that has to be confirmed.',
    }),
  })
  .prefault({})
  .meta({ description: 'The tools of `orgql mcp` (docs/mcp.md). The gateway itself does not use them.' });
