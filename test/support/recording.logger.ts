import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** Keeps what is logged instead of printing it. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];
  readonly details: string[] = [];

  log(...parts: readonly unknown[]): void {
    this.add('log', parts);
  }

  debug(...parts: readonly unknown[]): void {
    this.add('debug', parts);
  }

  verbose(...parts: readonly unknown[]): void {
    this.add('verbose', parts);
  }

  warn(...parts: readonly unknown[]): void {
    this.add('warn', parts);
  }

  error(...parts: readonly unknown[]): void {
    this.add('error', parts);
  }

  /** The lines of one level. */
  of(level: string): string[] {
    return this.lines.filter((line) => line.startsWith(`${level} `));
  }

  // Nest gives fields, stacks and contexts behind the message: what a real logger would print, too; the fields in the same line.
  private add(level: string, [message, ...more]: readonly unknown[]): void {
    const fields = more.filter((part) => typeof part === 'object' && part !== null && !Array.isArray(part));
    this.lines.push(
      [level, String(message), ...fields.map((each) => inspect(each, { breakLength: Infinity }))].join(' '),
    );
    this.details.push(...more.map((part) => inspect(part)));
  }
}
