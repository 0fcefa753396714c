/** Milliseconds of the processor that this process has used: unlike a clock, they stand still while others have it. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
