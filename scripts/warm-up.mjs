// Starts the gateway once and ends it, so that Node keeps what it has compiled in NODE_COMPILE_CACHE, for the starts to come (Node 22.8 and later).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'main.js');
const gateway = spawn(process.execPath, [main, 'demo', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
// Its only line says that it is ready.
gateway.stdout.once('data', () => gateway.kill('SIGTERM'));
const [code] = await once(gateway, 'close');
process.exitCode = code ?? 1;
