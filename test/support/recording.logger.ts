import type { LoggerService } from '@nestjs/common';

/** Keeps what is logged instead of printing it. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];

  log(message: unknown): void {
    this.add('log', message);
  }

  warn(message: unknown): void {
    this.add('warn', message);
  }

  error(message: unknown): void {
    this.add('error', message);
  }

  /** The lines of one level. */
  of(level: string): string[] {
    return this.lines.filter((line) => line.startsWith(`${level} `));
  }

  private add(level: string, message: unknown): void {
    this.lines.push(`${level} ${String(message)}`);
  }
}
