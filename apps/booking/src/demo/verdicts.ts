import type { Terminal } from './terminal.js';

const SHOWN_LINES = 5;
const BEFORE = 30;
const SHOWN_CHARACTERS = 90;

/** The part of a line where it begins to differ from the other. */
function excerpt(line: string, other: string): string {
  let same = 0;
  while (same < line.length && line[same] === other[same]) same++;
  const from = Math.max(0, same - BEFORE);
  return `${from > 0 ? '…' : ''}${line.slice(from, from + SHOWN_CHARACTERS)}`;
}

/** The first lines that differ, as expected (-) and as they were (+). */
export function differences(expected: string, actual: string): string[] {
  const [wanted, found] = [expected.split('\n'), actual.split('\n')];
  const rows = Array.from({ length: Math.max(wanted.length, found.length) }, (_, index) => index);
  return rows
    .filter((index) => wanted[index] !== found[index])
    .slice(0, SHOWN_LINES)
    .flatMap((index) => {
      const [want, have] = [wanted[index], found[index]];
      return [
        ...(want === undefined ? [] : [`- ${excerpt(want, have ?? '')}`]),
        ...(have === undefined ? [] : [`+ ${excerpt(have, want ?? '')}`]),
      ];
    });
}

/** Whether each promise was kept. */
export class Verdicts {
  kept = 0;
  broken = 0;

  constructor(private readonly terminal: Terminal) {}

  /** A promise that is a matter of yes or no. */
  holds(promise: string, kept: boolean, otherwise: string): void {
    this.note(promise, kept, [otherwise]);
  }

  /** A promise that stands literally somewhere. */
  same(promise: string, actual: string, expected: string): void {
    this.note(promise, actual === expected, differences(expected, actual));
  }

  private note(promise: string, kept: boolean, otherwise: readonly string[]): void {
    const { paint } = this.terminal;
    this.terminal.say(`  ${kept ? paint.green('✓') : paint.red('✗')} ${promise}`);
    if (kept) this.kept++;
    else this.broken++;
    if (!kept) for (const line of otherwise) this.terminal.say(`      ${paint.red(line)}`);
  }
}
