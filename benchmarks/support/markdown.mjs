import { cellsOf, groupsOf } from './report.mjs';

const HEADER = ['', 'median [range]', 'bar', '', 'for information'];

/** The same table for the documentation. */
export function markdownOf(results) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [line(HEADER), line(HEADER.map(() => '---'))];
  for (const { title, rows } of groupsOf(results)) {
    lines.push(line([`**${title}**`, '', '', '', '']));
    for (const row of rows) lines.push(line(cellsOf(row)));
  }
  return `${lines.join('\n')}\n`;
}
