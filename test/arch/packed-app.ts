import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './cruise.js';

const LIBRARIES = ['webhooks', 'webhooks-api'] as const;

type Library = (typeof LIBRARIES)[number];
/** Peers that are packed themselves, or that this host does without: it has SQLite, and nobody watches it. */
const NOT_HERE = ['nestjs-webhooks', 'pg', '@opentelemetry/api', '@nestjs/terminus'];
const COMMAND_MS = 240_000;

/** The last releases of Nest's packages before the present ones. */
const NEST_11: Readonly<Record<string, string>> = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/axios': '4.0.1',
  '@nestjs/event-emitter': '3.1.0',
  '@nestjs/typeorm': '11.0.3',
  '@nestjs/swagger': '11.4.7',
};

/** The lines of Nest that a host may be on, with those packages of it that are not the workspace's. */
export const NEST_LINES: Readonly<Record<'11' | '12', Readonly<Record<string, string>>>> = {
  11: NEST_11,
  12: {},
};

interface Manifest {
  version: string;
  peerDependencies: Record<string, string>;
}

/** What a child process said. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Said> {
  // Children are a host's processes: nothing of Jest's flags or of this repository's npm run reaches them.
  const entries = Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS|npm_)/i.test(name));
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: Object.fromEntries(entries),
      timeout: COMMAND_MS,
      maxBuffer: 64 * 1024 * 1024,
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

async function must(command: string, args: readonly string[], cwd: string): Promise<string> {
  const said = await run(command, args, cwd);
  if (said.code === 0) return said.stdout;
  throw new Error(`${command} ${args.join(' ')} failed:\n${said.stdout}\n${said.stderr}`);
}

async function manifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** A fresh Nest application in a temporary folder with the packed library and its peers, and nothing of this repository. */
export class PackedApp {
  private constructor(
    readonly folder: string,
    /** Paths inside each tarball. */
    readonly files: Readonly<Record<Library, readonly string[]>>,
  ) {}

  static async create(line: keyof typeof NEST_LINES): Promise<PackedApp> {
    const folder = await mkdtemp(join(tmpdir(), 'webhooks-packed-'));
    try {
      const [core, api] = await pack(join(folder, 'repository'));
      const app = join(folder, 'app');
      await install(app, [core.tarball, api.tarball], NEST_LINES[line]);
      return new PackedApp(folder, { webhooks: core.files, 'webhooks-api': api.files });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs Node in the application's folder. */
  node(...args: string[]): Promise<Said> {
    return run(process.execPath, args, join(this.folder, 'app'));
  }

  /** Where npm put copies of a package: one path per copy. */
  async copiesOf(name: string): Promise<string[]> {
    const record = await readFile(join(this.folder, 'app/node_modules/.package-lock.json'), 'utf8');
    const { packages } = JSON.parse(record) as { packages: Record<string, unknown> };
    return Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`));
  }

  /** The version that is installed of a package. */
  async versionOf(name: string): Promise<string> {
    return (await manifest(join(this.folder, 'app/node_modules', name))).version;
  }

  /** Files of the library in which one of the names stands. */
  async filesNaming(...names: readonly string[]): Promise<string[]> {
    const library = join(this.folder, 'app/node_modules/nestjs-webhooks');
    const texts = this.files.webhooks
      .filter((path) => path.startsWith('dist/'))
      .map(async (path) => [path, await readFile(join(library, path), 'utf8')] as const);
    const all = await Promise.all(texts);
    return all.filter(([, text]) => names.some((name) => text.includes(name))).map(([path]) => path);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** Builds copies from clean: the `dist` of this repository may hold files of sources that are gone. */
async function pack(repository: string): Promise<[core: Packed, api: Packed]> {
  for (const name of LIBRARIES) {
    const source = join(ROOT, 'libs', name);
    const copy = join(repository, 'libs', name);
    await cp(source, copy, { recursive: true, filter: (path) => path !== join(source, 'dist') });
  }
  await copyFile(join(ROOT, 'tsconfig.base.json'), join(repository, 'tsconfig.base.json'));
  await symlink(join(ROOT, 'node_modules'), join(repository, 'node_modules'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await must(process.execPath, [tsc, '-b', 'libs/webhooks-api/tsconfig.build.json'], repository);
  const bundle = join(ROOT, 'scripts/bundle.mjs');
  await must(process.execPath, [bundle, 'libs/webhooks'], repository);
  const [core, api] = LIBRARIES.map((name) => packOne(join(repository, 'libs', name)));
  return [await core!, await api!];
}

async function packOne(library: string): Promise<Packed> {
  const [packed] = JSON.parse(await must('npm', ['pack', '--json'], library)) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (!packed) throw new Error('npm pack made nothing');
  return { tarball: join(library, packed.filename), files: packed.files.map((file) => file.path) };
}

async function install(
  app: string,
  tarballs: readonly string[],
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(app);
  await cp(join(ROOT, 'test/arch/packed-app'), app, { recursive: true });
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'host', private: true, type: 'module' }));
  const manifests = await Promise.all(LIBRARIES.map((name) => manifest(join(ROOT, 'libs', name))));
  const wanted = new Set(manifests.flatMap(({ peerDependencies }) => Object.keys(peerDependencies)));
  const peers = [...wanted, '@nestjs/platform-express'].filter((name) => !NOT_HERE.includes(name));
  const pinned = peers.map(async (name) => {
    const version = versions[name] ?? (await manifest(join(ROOT, 'node_modules', name))).version;
    return `${name}@${version}`;
  });
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await must('npm', ['install', ...tarballs, ...(await Promise.all(pinned)), ...flags], app);
  // Compiling better-sqlite3 takes minutes, and this repository has just done so for the same version.
  const binary = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
  await mkdir(dirname(join(app, binary)), { recursive: true });
  await copyFile(join(ROOT, binary), join(app, binary));
}
