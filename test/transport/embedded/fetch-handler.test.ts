import { testEmbedded } from '../../support/host.ts';

await testEmbedded('fetch', 'graphql-over-http.test.ts');
await testEmbedded('fetch', 'leaving.test.ts');
await testEmbedded('fetch', 'incremental.test.ts');
