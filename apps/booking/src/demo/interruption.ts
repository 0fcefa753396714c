const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Exit code of a process that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** Resolves when somebody wants the process to end. */
export function interruption(): Promise<void> {
  return new Promise((resolve) => {
    // npm passes the signal on that the terminal has sent already: a second one means nothing.
    for (const signal of SIGNALS) process.on(signal, () => resolve());
  });
}
