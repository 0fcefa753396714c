import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of this repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** One import that a rule forbids. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface Report {
  summary: {
    violations: { rule: { name: string }; from: string; to: string }[];
    totalCruised: number;
    ruleSetUsed: { forbidden: { name: string }[] };
  };
}

function run(cwd: string, folders: readonly string[]): Promise<string> {
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const args = [CRUISER, '--config', config, '--output-type', 'json', ...folders];
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, args, options, (_error, stdout, stderr) => {
      // Its exit code counts violations: what matters is whether it printed a report.
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`dependency-cruiser printed no report: ${stdout}${stderr}`));
    });
  });
}

/** Runs this repository's import rules over the folders of any tree. */
export async function cruise(
  cwd: string,
  folders: readonly string[],
): Promise<{ violations: Violation[]; modules: number; rules: string[] }> {
  const { summary } = JSON.parse(await run(cwd, folders)) as Report;
  return {
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    modules: summary.totalCruised,
    rules: summary.ruleSetUsed.forbidden.map((rule) => rule.name),
  };
}
