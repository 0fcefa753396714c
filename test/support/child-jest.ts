import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a run of other specs came to. */
export interface ChildRun {
  readonly passed: number;
  readonly failed: number;
  /** What it wrote, for the message of a test that fails. */
  readonly output: string;
}

/**
 * Runs specs in a process of their own, without databases, for what is decided when a process starts: the server's
 * time zone, the memory it may have.
 *
 * @param specs paths below the root of the repository
 */
export function runSpecs(
  specs: readonly string[],
  options: { env?: NodeJS.ProcessEnv; nodeFlags?: readonly string[] } = {},
): Promise<ChildRun> {
  const { globalSetup: _setup, globalTeardown: _teardown, ...config } = readConfig();
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...(options.nodeFlags ?? [])],
      'node_modules/jest/bin/jest.js',
      ...[
        '--config',
        JSON.stringify({ ...config, rootDir: ROOT }),
        '--runInBand',
        '--json',
        '--runTestsByPath',
      ],
      ...specs,
    ],
    { cwd: ROOT, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let report = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (report += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve({ ...countsOf(report), output }));
  });
}

function readConfig(): Record<string, unknown> {
  return JSON.parse(readFileSync(`${ROOT}jest.config.json`, 'utf8')) as Record<string, unknown>;
}

function countsOf(report: string): Pick<ChildRun, 'passed' | 'failed'> {
  try {
    const { numPassedTests, numFailedTests, success } = JSON.parse(report) as Record<string, number>;
    return {
      passed: Number(numPassedTests),
      failed: success ? Number(numFailedTests) : Number(numFailedTests) || 1,
    };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
