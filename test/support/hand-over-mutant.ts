import type { Host } from './host.js';
import { partOf } from './internals.js';

interface Written {
  readonly events: readonly unknown[];
  readonly leasedAt: number | undefined;
}

interface Outbox {
  write(events: readonly unknown[], manager: unknown): Promise<Written | undefined>;
  handOver(events: readonly unknown[], leasedAt: number | undefined): void;
}

/** The mutant: what is written is handed over at once, and not once it is committed. */
export function handsOverBeforeCommit(host: Host): void {
  const outbox = partOf<Outbox>(host, 'EventWriter');
  const write = outbox.write.bind(outbox);
  const handOver = outbox.handOver.bind(outbox);
  outbox.handOver = () => undefined;
  outbox.write = async (events, manager) => {
    const written = await write(events, manager);
    if (written) handOver(written.events, written.leasedAt);
    return written;
  };
}
