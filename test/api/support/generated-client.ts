import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ROOT } from '../../arch/cruise.js';

const CALLS = fileURLToPath(new URL('../../fixtures/generated-client/every-operation.ts', import.meta.url));
const GENERATOR = join(ROOT, 'node_modules/@hey-api/openapi-ts/bin/run.js');
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc');

const COMPILED = {
  compilerOptions: {
    ...{ target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
    ...{ strict: true, noUncheckedIndexedAccess: true, outDir: 'dist' },
  },
};

/** What the calls need of the application; see the fixture. */
export interface CalledApplication {
  readonly url: string;
  readonly consumer: string;
  readonly hook: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly order: () => Promise<unknown>;
}

/** A program that calls an API through a client which a public generator has made of its document. */
export class GeneratedClient {
  private constructor(private readonly folder: string) {}

  /**
   * Generates the client and compiles it strictly with the calls of it, nothing of it changed.
   *
   * @throws Error with what generator or compiler say
   */
  static async of(document: object): Promise<GeneratedClient> {
    const folder = await mkdtemp(join(tmpdir(), 'webhooks-client-'));
    const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content));
    await write('package.json', { type: 'module' });
    await write('tsconfig.json', COMPILED);
    await write('openapi.json', document);
    await cp(CALLS, join(folder, 'every-operation.ts'));
    await run(folder, [GENERATOR, '-i', 'openapi.json', '-o', 'api', '--no-log-file']);
    await run(folder, [COMPILER, '-p', '.']);
    return new GeneratedClient(folder);
  }

  async callEveryOperation(application: CalledApplication): Promise<void> {
    const { href } = pathToFileURL(join(this.folder, 'dist/every-operation.js'));
    const calls = (await import(href)) as {
      callEveryOperation(application: CalledApplication): Promise<void>;
    };
    await calls.callEveryOperation(application);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

function run(cwd: string, args: readonly string[]): Promise<void> {
  const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args.join(' ')}: ${stdout}${stderr}`));
      else resolve();
    });
  });
}
