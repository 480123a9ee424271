import { testEmbedded } from '../../support/host.ts';

await testEmbedded('node:http', 'graphql-over-http.test.ts');
await testEmbedded('node:http', 'leaving.test.ts');
await testEmbedded('node:http', 'incremental.test.ts');
await testEmbedded('node:http', 'websocket/bounds.test.ts');
