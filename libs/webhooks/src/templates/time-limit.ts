import { createContext, Script, type Context } from 'node:vm';
import { TemplateError } from '../errors/template-error.js';
import type { Rendering } from './rendering.js';

/** Milliseconds that the templates of one request may take together. */
export const TIME_LIMIT = 100;

/**
 * Runs work that may have to be interrupted, even within the loops of a library. The work's own context holds
 * nothing but the work.
 */
class Interruptible {
  private readonly sandbox: { work: (() => unknown) | null } = { work: null };
  private readonly context: Context = createContext(this.sandbox, {
    codeGeneration: { strings: false, wasm: false },
  });
  private readonly script = new Script('work()');

  run(work: () => unknown, timeout: number): unknown {
    this.sandbox.work = work;
    try {
      return this.script.runInContext(this.context, { timeout, displayErrors: false });
    } finally {
      this.sandbox.work = null;
    }
  }
}

class LazyInterruptible {
  private made: Interruptible | undefined;

  get(): Interruptible {
    return (this.made ??= new Interruptible());
  }
}

const interruptible = new LazyInterruptible();

/**
 * Renders under the time limit. What was interrupted although this process got less than half of that time from
 * its processor is tried once more: a busy machine is not the template's fault.
 *
 * @param action must only read, so that it can be done again
 * @throws TemplateError TEMPLATE_RENDER_LIMIT
 */
export function withinTime<T>(rendering: Rendering, action: () => T): T {
  const before = process.cpuUsage();
  try {
    return interruptible.get().run(action, TIME_LIMIT) as T;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const { user, system } = process.cpuUsage(before);
    if (user + system >= TIME_LIMIT * 500) throw tooSlow(rendering);
  }
  try {
    return interruptible.get().run(action, TIME_LIMIT) as T;
  } catch (error) {
    throw isTimeout(error) ? tooSlow(rendering) : error;
  }
}

function tooSlow(rendering: Rendering): TemplateError {
  const problem = `The templates of one request may take ${TIME_LIMIT} ms together; this one did not end. Make it simpler.`;
  return new TemplateError('TEMPLATE_RENDER_LIMIT', rendering.path, problem);
}

// The error is made in the other context, so it is no `Error` of this one.
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
