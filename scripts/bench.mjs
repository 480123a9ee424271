// Compiles src/ and bench/ and runs one of the benches: node scripts/bench.mjs upstream --scale 0.01
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist.bench.tmp');
const [name, ...options] = process.argv.slice(2);
const run = (script, ...args) => {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
};
run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.bench.json', '--outDir', out);
copyFileSync(join(root, 'package.json'), join(out, 'package.json'));
run(join(root, 'scripts', 'build-if-stale.mjs'));
for (const assets of ['graphiql', 'console'])
  cpSync(join(root, 'dist', assets), join(out, 'dist', assets), { recursive: true });
run('--expose-gc', join(out, 'bench', name ?? 'upstream', 'main.js'), ...options);
