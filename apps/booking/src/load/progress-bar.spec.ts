import type { WriteStream } from 'node:tty';
import type { Progress } from './progress-bar.js';
import { ProgressBar } from './progress-bar.js';

function output(isTTY: boolean): { out: WriteStream; written: string[] } {
  const written: string[] = [];
  const out = { isTTY, write: (text: string) => written.push(text) };
  return { out: out as unknown as WriteStream, written };
}

const half: Progress = { done: 2, of: 4, note: '2 orders made' };
const whole: Progress = { done: 4, of: 4, note: '4 orders made' };

describe('the progress bar', () => {
  it('redraws its line on a terminal, and leaves the last one standing', () => {
    const { out, written } = output(true);
    let progress = half;
    const bar = new ProgressBar(() => progress, out);
    progress = whole;
    bar.stop();
    expect(written).toEqual([
      `\r\x1b[K  ${'█'.repeat(12)}${'░'.repeat(12)}  50 %  2 orders made`,
      `\r\x1b[K  ${'█'.repeat(24)} 100 %  4 orders made`,
      '\n',
    ]);
  });

  it('says a line at each tenth of the way elsewhere, without control characters', () => {
    const { out, written } = output(false);
    let progress = half;
    const bar = new ProgressBar(() => progress, out);
    progress = whole;
    bar.stop();
    expect(written).toEqual([
      `  ${'█'.repeat(12)}${'░'.repeat(12)}  50 %  2 orders made\n`,
      `  ${'█'.repeat(24)} 100 %  4 orders made\n`,
    ]);
  });
});
