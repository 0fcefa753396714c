import type { WriteStream } from 'node:tty';

const CELLS = 24;
const REDRAW_MS = 100;
/** Where nothing can be redrawn, a line is said at every tenth of the way. */
const STEPS = 10;

/** How far something has come. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  /** What else there is to say. */
  readonly note: string;
}

function lineOf({ done, of, note }: Progress): string {
  const part = of === 0 ? 1 : Math.min(1, done / of);
  const full = Math.round(part * CELLS);
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  return `  ${'█'.repeat(full)}${'░'.repeat(CELLS - full)} ${percent}  ${note}`;
}

/** A line that grows on a terminal; elsewhere a few lines. */
export class ProgressBar {
  private readonly timer: NodeJS.Timeout;
  private said = -1;

  constructor(
    private readonly read: () => Progress,
    private readonly out: WriteStream = process.stdout,
  ) {
    this.timer = setInterval(() => this.show(), REDRAW_MS);
    this.show();
  }

  /** Shows the end and leaves it standing. */
  stop(): void {
    clearInterval(this.timer);
    this.show(true);
    if (this.out.isTTY) this.out.write('\n');
  }

  private show(isLast = false): void {
    const progress = this.read();
    const line = lineOf(progress);
    if (this.out.isTTY) return void this.out.write(`\r\x1b[K${line}`);
    const step = Math.floor((progress.done * STEPS) / Math.max(1, progress.of));
    if (step === this.said && !isLast) return;
    if (isLast && step === this.said && step === STEPS) return;
    this.said = step;
    this.out.write(`${line}\n`);
  }
}
