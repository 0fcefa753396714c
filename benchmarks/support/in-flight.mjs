const IN_FLIGHT = 64;

/** Sends so many requests, 64 at once; `send(number)` gives an answer with its `status`. */
export async function inFlight(count, send) {
  let next = 0;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const caller = async () => {
    while (next < count) {
      const { status } = await send(next++);
      if (status !== 200) throw new Error(`the receiver answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: count / seconds, seconds, cpuUs: (user + system) / count };
}
