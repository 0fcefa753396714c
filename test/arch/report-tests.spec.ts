import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/report-tests.mjs', import.meta.url));

const file = (name: string, seconds: number) => ({
  name: join(process.cwd(), name),
  startTime: 1_000,
  endTime: 1_000 + seconds * 1_000,
});

const RUN = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [file('test/quick.spec.ts', 0.5), file('test/slow.spec.ts', 12.3)],
};

/** What the script says of a run, line by line, and its exit code. */
async function report(differences: object): Promise<{ lines: string[]; code: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'webhooks-report-'));
  const path = join(folder, 'run.json');
  await writeFile(path, JSON.stringify({ ...RUN, ...differences }));
  const outcome = await new Promise<{ lines: string[]; code: number }>((resolve) => {
    const child = execFile(process.execPath, [SCRIPT, path], (_error, stdout) =>
      resolve({ lines: stdout.trim().split('\n'), code: child.exitCode! }),
    );
  });
  await rm(folder, { recursive: true });
  return outcome;
}

describe('the report of a CI run', () => {
  it('names the slowest files, and ends with what passed and failed', async () => {
    const { lines, code } = await report({});

    expect(lines).toEqual([
      'The slowest of 2 files, 13 s in all:',
      '    12.3 s  test/slow.spec.ts',
      '     0.5 s  test/quick.spec.ts',
      '3 passed, 0 failed',
    ]);
    expect(code).toBe(0);
  });

  it.each([
    ['a test failed', { success: false, numFailedTests: 1 }, '3 passed, 1 failed'],
    ['a test was skipped', { numPendingTests: 1 }, '3 passed, 0 failed'],
    ['a test is still to do', { numTodoTests: 1 }, '3 passed, 0 failed'],
    ['no test ran', { numPassedTests: 0 }, '0 passed, 0 failed'],
    ['a file broke', { success: false, numRuntimeErrorTestSuites: 1 }, '3 passed, 0 failed'],
  ])('fails the run when %s', async (_what, differences, last) => {
    const { lines, code } = await report(differences);

    expect(code).toBe(1);
    expect(lines.at(-1)).toBe(last);
  });
});
