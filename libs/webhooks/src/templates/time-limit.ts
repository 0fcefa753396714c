import { createContext, Script, type Context } from 'node:vm';
import { TemplateError } from '../errors/template-error.js';
import type { Rendering } from './rendering.js';

/** Milliseconds that the templates of one request may take together. */
export const TIME_LIMIT = 100;

/** The time that several renderings of one request share. */
export class TimeBudget {
  private spent = 0;

  /** Milliseconds that are left; never so few that nothing can run. */
  get left(): number {
    return Math.max(1, Math.ceil(TIME_LIMIT - this.spent));
  }

  spend(ms: number): void {
    this.spent += ms;
  }
}

/** What the engine says when a single template string has used its own share of the time. */
const ENGINE_TIME_UP = 'template render limit exceeded';

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
 * Renders under the time limit, or what is left of it. What ran out of time although this process had its processor for less than half of
 * it is tried once more: a busy machine is not the template's fault, and the delivery would be lost for good.
 *
 * @param action must only read, so that it can be done again
 * @throws TemplateError TEMPLATE_RENDER_LIMIT
 */
export function withinTime<T>(rendering: Rendering, action: () => T, budget = new TimeBudget()): T {
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    return attempt(rendering, budget.left, action);
  } catch (error) {
    if (!ranOutOfTime(error)) throw error;
    const { user, system } = process.cpuUsage(cpu);
    if (user + system >= (performance.now() - start) * 500) throw error;
  } finally {
    budget.spend(performance.now() - start);
  }
  return attempt(rendering, TIME_LIMIT, action);
}

function attempt<T>(rendering: Rendering, timeout: number, action: () => T): T {
  try {
    return interruptible.get().run(action, timeout) as T;
  } catch (error) {
    if (!isInterruption(error)) throw error;
    const problem = `The templates of one request may take ${TIME_LIMIT} ms together, and these take longer. Make them simpler.`;
    throw new TemplateError('TEMPLATE_RENDER_LIMIT', rendering.path, problem, { cause: error });
  }
}

/** Whether a template was too slow, and not too large: interrupted, or at the end of the engine's own time. */
function ranOutOfTime(error: unknown): boolean {
  if (!(error instanceof TemplateError)) return false;
  const { cause } = error;
  return isInterruption(cause) || (cause instanceof Error && cause.message === ENGINE_TIME_UP);
}

// The error is made in the other context, so it is no `Error` of this one.
function isInterruption(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
