import { testEmbedded } from '../../support/host.ts';

await testEmbedded('node:http', 'http/bounds.test.ts');
await testEmbedded('node:http', 'http/pipelining.test.ts');
