import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { LoadOnce } from '../../pipeline/load-once.ts';

/** Of GraphiQL's files as they are on disk. */
export type Encoding = 'br' | 'gzip';

/** Where the build writes GraphiQL's files: see scripts/graphiql-assets.mjs. */
const FOLDER = new URL('../../../dist/graphiql/', import.meta.url);
const EXTENSIONS = { br: 'br', gzip: 'gz' } as const;

const manifestFile = z.object({ script: z.string(), style: z.string(), icon: z.string() });

/** GraphiQL's script, styles and icon. Each file is read once for each encoding, and its buffer is shared by all responses. */
export class GraphiQLAssets {
  /** The names of the files. */
  readonly manifest: Readonly<z.output<typeof manifestFile>>;
  readonly #files = new Map<string, LoadOnce<Buffer>>();

  private constructor(manifest: z.output<typeof manifestFile>) {
    this.manifest = manifest;
  }

  /** Rejects when the build has not written them. */
  static async load(): Promise<GraphiQLAssets> {
    return new GraphiQLAssets(manifestFile.parse(JSON.parse(await readFile(new URL('manifest.json', FOLDER), 'utf8'))));
  }

  has(name: string): boolean {
    return Object.values(this.manifest).includes(name);
  }

  /** `encoding`: undefined for the file as it is. */
  read(name: string, encoding: Encoding | undefined): Promise<Buffer> {
    const key = `${name} ${encoding}`;
    let file = this.#files.get(key);
    if (file === undefined) {
      file = new LoadOnce(async () => {
        const compressed = await readFile(fileURLToPath(new URL(`${name}.${EXTENSIONS[encoding ?? 'gzip']}`, FOLDER)));
        return encoding === undefined ? promisify(gunzip)(compressed) : compressed;
      });
      this.#files.set(key, file);
    }
    return file.loaded === undefined ? file.load() : Promise.resolve(file.loaded);
  }
}
