function ratioText({ median, min, max }) {
  const digits = max < 10 ? 2 : 1;
  return `${median.toFixed(digits)} [${min.toFixed(digits)}–${max.toFixed(digits)}]`;
}

function printTable(rows) {
  const cells = rows.map(({ name, unit, ratio, information }) => [
    name,
    `${ratioText(ratio)} ${unit}`,
    information,
  ]);
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column].length)));
  for (const [name, ratio, information] of cells) {
    console.log(`  ${name.padEnd(widths[0])}   ${ratio.padEnd(widths[1])}   ${information}`);
  }
}

/** Everything that was measured, for people. */
export function printReport(about, results) {
  const { date, node, cpu, platform, typeorm, sqlite, postgres, load, loadAfter } = about;
  console.log(`${date}, ${cpu}, ${platform}, load ${load} before and ${loadAfter} after`);
  console.log(
    `Node ${node}, TypeORM ${typeorm}, SQLite ${sqlite} (WAL, synchronous=FULL)${postgres ? `, PostgreSQL ${postgres} (fsync on)` : ''}`,
  );
  for (const { title, repetitions, rows, notes } of results) {
    console.log(`\n${title}. Ratio: median [range] of ${repetitions} interleaved repetitions`);
    printTable(rows);
    for (const line of notes) console.log(`  ${line}`);
  }
}
