import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cruise.js';
import { webhookLines } from './webhook-lines.js';

const PAGE = readFileSync(join(ROOT, 'docs/integrate.md'), 'utf8');
const TOTAL = /about (\d+) lines in (\d+) files/;
const LISTING = /<!-- webhook lines of (\S+) -->\n\n```diff\n([\s\S]+?)```/g;
const LISTINGS = [...PAGE.matchAll(LISTING)].map(([, file, diff]) => ({ file: file!, diff: diff! }));

const roundly = (count: number): number => Math.round(count / 10) * 10;

describe('the page on integrating', () => {
  it('says how many lines of the sample webhooks take, roughly', () => {
    const found = webhookLines();
    const lines = found.reduce((sum, one) => sum + one.lines.length, 0);
    const [, told, files] = TOTAL.exec(PAGE)!;
    expect({ lines: Number(told), files: roundly(Number(files)) }).toEqual({
      lines: roundly(lines),
      files: roundly(found.length),
    });
  });

  it.each(LISTINGS)('lists the lines of $file as they are', ({ file, diff }) => {
    const { lines } = webhookLines().find((one) => one.file === file)!;
    expect(diff.trim().split('\n')).toEqual(lines.map((line) => `+ ${line}`));
  });

  it('lists those of one file of each kind', () => {
    expect(LISTINGS.map(({ file }) => file)).toEqual([
      'database/data-source.ts',
      'app.module.ts',
      'orders/order-ticketing.service.ts',
    ]);
  });
});
