import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Programs that use the package. */
const programs = join(import.meta.dirname, 'installed-package');

/**
 * An empty project that has orgql installed from its tarball. With TEST_INSTALL=npm, npm installs it from the registry;
 * otherwise its dependencies are those of this checkout, and no others.
 */
export class InstalledPackage implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'orgql-installed-'));
  /** The files of the tarball. */
  readonly files: readonly string[];

  static install(): InstalledPackage {
    return new InstalledPackage();
  }

  private constructor() {
    const folder = this.#folder;
    cpSync(programs, folder, { recursive: true });
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const output = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [packed] = JSON.parse(output);
    this.files = packed.files.map(({ path }: { path: string }) => path);
    const tarball = join(folder, packed.filename);
    if (process.env['TEST_INSTALL'] === 'npm') {
      execFileSync('npm', ['install', '--silent', tarball], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    } else {
      const installed = join(folder, 'node_modules', 'orgql');
      mkdirSync(installed, { recursive: true });
      execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
      for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) this.#link(name);
    }
    // The compiler and the types of Node are the project's own.
    for (const name of ['typescript', '@types/node']) this.#link(name);
  }

  #link(name: string): void {
    const link = join(this.#folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }

  /** Runs a program of the project, and returns what it prints. */
  node(...args: readonly string[]): string {
    return execFileSync(process.execPath, args, {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
  }

  /** The script of the package's command. */
  readonly command = join('node_modules', 'orgql', manifest.bin.orgql);

  /** Runs the package's command, and returns what it prints. */
  orgql(args: readonly string[]): string {
    return this.node(this.command, ...args);
  }

  /** The help of each command, such as `policies test`. */
  commands(): ReadonlyMap<string, string> {
    const below = (command: readonly string[]): (readonly [string, string])[] => {
      const help = this.orgql([...command, '--help']);
      const [, list = ''] = /^Commands:\n([\s\S]*)/m.exec(help) ?? [];
      const names = [...list.matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name = '']) => [...command, name]);
      return names.length === 0 ? [[command.join(' '), help]] : names.flatMap((name) => below(name));
    };
    return new Map(below([]));
  }

  /** Type-checks files as strictly as possible, the types of all packages included, and returns the errors. */
  typeCheck(files: readonly string[], moduleResolution: 'nodenext' | 'bundler'): string {
    const options = {
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      types: ['node'],
      module: moduleResolution === 'nodenext' ? 'nodenext' : 'preserve',
      moduleResolution,
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
    };
    writeFileSync(join(this.#folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
    const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
    return spawnSync(process.execPath, [compiler], { cwd: this.#folder, encoding: 'utf8' }).stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
