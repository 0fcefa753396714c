/** Milliseconds of the system's monotonic clock: comparable between processes, unlike `performance.now()`. */
export function monotonicMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}
