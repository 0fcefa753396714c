function ratioText({ median, min, max }) {
  const digits = max < 10 ? 2 : 1;
  return `${median.toFixed(digits)} [${min.toFixed(digits)}–${max.toFixed(digits)}]`;
}

function figureText({ ratio, count, unit = '' }) {
  if (ratio) return `${ratioText(ratio)}${unit}`;
  return count === undefined ? '–' : `${count}${unit}`;
}

/** Whether a row keeps to its bar; undefined where there is none, or nothing was measured. */
export function isMet({ ratio, count, bar }) {
  const figure = ratio?.median ?? count;
  return bar === undefined || figure === undefined ? undefined : bar.isMet(figure);
}

function mark(row) {
  const met = isMet(row);
  if (met === undefined) return row.bar ? '–' : '';
  return met ? '✓' : '✗';
}

/** Name, figure, bar, whether it is met, information. */
export function cellsOf(row) {
  return [row.name, figureText(row), row.bar?.text ?? '', mark(row), row.information ?? ''];
}

/** What was measured, without the empty groups. */
export function groupsOf(results) {
  return results.flatMap(({ groups }) => groups).filter(({ rows }) => rows.length > 0);
}

function printTable(groups) {
  const header = ['', 'median [range]', 'bar', '', 'for information'];
  const cells = groups.flatMap(({ rows }) => rows.map(cellsOf));
  const widths = header.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at].length)));
  const line = (row) => `  ${row.map((cell, at) => cell.padEnd(widths[at])).join('  ')}`.trimEnd();
  console.log(line(header));
  for (const { title, rows } of groups) {
    console.log(title);
    for (const row of rows) console.log(line(cellsOf(row)));
  }
}

function printVerdict(rows) {
  const judged = rows.filter((row) => isMet(row) !== undefined);
  const missed = judged.filter((row) => !isMet(row));
  const unmeasured = rows.filter((row) => row.bar && isMet(row) === undefined);
  const parts = [`${judged.length - missed.length} of ${judged.length} bars are met`];
  if (unmeasured.length > 0) parts.push(`${unmeasured.length} were not measured`);
  console.log(`\n${parts.join(', ')}. Medians and ranges of interleaved repetitions.`);
}

/** A busy machine is no place to judge from: what others do with processor and disk costs the raw client least, which needs no disk. */
function warning({ load, cores }) {
  if (load <= cores / 2) return;
  console.log(`The machine had other work (load ${load} on ${cores} cores): repeat when it is quiet.`);
}

/** Everything that was measured, for people. */
export function printReport(about, results) {
  const { date, node, cpu, platform, typeorm, sqlite, postgres, load, loadAfter, repetitions, seconds } =
    about;
  const groups = groupsOf(results);
  console.log(`${date}, ${cpu}, ${platform}, load ${load} before and ${loadAfter} after`);
  const server = postgres ? `, PostgreSQL ${postgres} (fsync on)` : '';
  console.log(`Node ${node}, TypeORM ${typeorm}, SQLite ${sqlite} (WAL, synchronous=FULL)${server}`);
  console.log(`${repetitions} repetitions, ${seconds} s`);
  warning(about);
  console.log('');
  printTable(groups);
  printVerdict(groups.flatMap(({ rows }) => rows));
  for (const note of results.flatMap(({ notes }) => notes)) console.log(note);
}
