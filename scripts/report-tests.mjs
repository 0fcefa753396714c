/**
 * Reads the JSON report of a test run: which files took longest, so that growth is seen, and in the last line how many
 * tests passed and failed. Fails unless every test ran and passed.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const SHOWN = 10;

const run = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const files = run.testResults
  .map(({ name, startTime, endTime }) => ({
    name: relative('.', name),
    seconds: (endTime - startTime) / 1_000,
  }))
  .sort((a, b) => b.seconds - a.seconds);
const total = files.reduce((sum, { seconds }) => sum + seconds, 0);

console.log(`\nThe slowest of ${files.length} files, ${total.toFixed(0)} s in all:`);
for (const { name, seconds } of files.slice(0, SHOWN))
  console.log(`${seconds.toFixed(1).padStart(8)} s  ${name}`);

const left = run.numPendingTests + run.numTodoTests;
if (left > 0) console.log(`${left} tests did not run: none may be skipped.`);
const broken = run.numRuntimeErrorTestSuites;
if (broken > 0) console.log(`${broken} files could not run to their end.`);
console.log(`${run.numPassedTests} passed, ${run.numFailedTests} failed`);
process.exit(run.success && run.numPassedTests > 0 && left === 0 ? 0 : 1);
