import type { WriteStream } from 'node:tty';
import type { Paint } from './paint.js';
import { paintFor, wantsColour } from './paint.js';

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 80;

/** Columns that all output keeps to. */
export const WIDTH = 100;

/** Where the demo tells its story. */
export class Terminal {
  readonly paint: Paint;

  constructor(
    private readonly out: WriteStream = process.stdout,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.paint = paintFor(wantsColour(out, env));
  }

  /** Writes lines; an empty one without an argument. */
  say(text = ''): void {
    this.out.write(`${text}\n`);
  }

  /** Begins a chapter. */
  heading(text: string): void {
    const rule = '─'.repeat(Math.max(0, WIDTH - text.length - 4));
    this.say(`\n${this.paint.bold(`── ${text}`)} ${this.paint.dim(rule)}`);
  }

  /** Shows what is being waited for: a moving line on a terminal, a plain one elsewhere. */
  async waiting<T>(what: string, work: Promise<T>): Promise<T> {
    if (!this.out.isTTY) {
      this.say(this.paint.dim(`  … waiting for ${what}`));
      return work;
    }
    const start = Date.now();
    const draw = (): void => {
      const elapsed = Date.now() - start;
      const frame = FRAMES.charAt(Math.floor(elapsed / FRAME_MS) % FRAMES.length);
      const seconds = this.paint.dim(`${(elapsed / 1000).toFixed(1)} s`);
      this.out.write(`\r\x1b[K  ${this.paint.cyan(frame)} waiting for ${what} ${seconds}`);
    };
    draw();
    const timer = setInterval(draw, FRAME_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      this.out.write('\r\x1b[K');
    }
  }
}
