import { describeDatabases } from '../../support/databases.js';
import type { FaultHost, FaultHostOptions } from '../support/fault-host.js';
import { orderIds, useFaultScene } from '../support/fault-scene.js';

/** A sender keeps at most 64 connections to one address. */
const ADDRESSES = [0, 1, 2, 3];
const PER_ADDRESS = 50;
const IN_FLIGHT = ADDRESSES.length * PER_ADDRESS;

const CLEAN = { lost: [], phantoms: [], duplicates: [] };
const HOUR_MS = 3_600_000;

/** Nothing but a lease that is given back lets another process send within the test. */
const LONG_LEASES = {
  concurrency: IN_FLIGHT,
  concurrencyPerSubscription: PER_ADDRESS,
  timeout: HOUR_MS / 2,
  lease: HOUR_MS,
  retrySchedule: [1],
};

/** As many for each address. */
function orders(name: string, perAddress: number): string[] {
  return ADDRESSES.flatMap((address) => orderIds(`${address}-${name}`, perAddress));
}

describeDatabases('a process that gets SIGTERM with 200 requests in flight', (database) => {
  const scene = useFaultScene(database, { places: ADDRESSES.length });
  const first = orders('first', PER_ADDRESS);
  const then = orders('then', 2 * PER_ADDRESS);
  const ids = [...first, ...then];

  /** It has learnt what the addresses can take; of 400 orders that follow, 200 are under way. */
  async function busy({ delivery, ...options }: FaultHostOptions = {}): Promise<FaultHost> {
    const { receiver } = scene;
    await scene.subscribe(
      ...ADDRESSES.map((address) => ({
        event_types: ['OrderCreated'],
        url: receiver.url('/hook', address),
        filter: { order_id: { $startsWith: `${address}-` } },
      })),
    );
    const host = await scene.start({ ...options, delivery: { ...LONG_LEASES, ...delivery } });
    await host.publish(first);
    await host.drain();
    receiver.hold();
    await host.publish(then);
    await receiver.arrived(first.length + IN_FLIGHT);
    return host;
  }

  async function finish(host: FaultHost): Promise<void> {
    await host.draining;
    scene.receiver.answerBy(() => 204);
    scene.receiver.answerHeld(204);
    await host.exited;
  }

  it('finishes those, and the next process sends the rest at once', async () => {
    const host = await busy();
    host.signal('SIGTERM');
    await finish(host);

    expect(scene.receiver.requests).toHaveLength(first.length + IN_FLIGHT);
    expect(await scene.aftermath(ids)).toEqual(CLEAN);
  });

  it('would leave the rest to wait for an hour, did it not give its leases back', async () => {
    const host = await busy({ mutant: 'no-release' });
    host.signal('SIGTERM');
    await finish(host);

    expect((await scene.aftermath(ids)).lost.length).toBeGreaterThan(0);
  });

  it('is not put off by a second signal', async () => {
    const host = await busy();
    host.signal('SIGTERM');
    await host.draining;
    host.signal('SIGTERM');
    await finish(host);

    expect(scene.receiver.requests).toHaveLength(first.length + IN_FLIGHT);
    expect(await scene.aftermath(ids)).toEqual(CLEAN);
  });

  it('to receivers that hang is gone in bounded time, and the next process sends all of it at once', async () => {
    const host = await busy({ delivery: { drainTimeout: 300 } });
    // The requests themselves may take half an hour.
    await host.terminate();

    expect(await scene.aftermath(ids)).toEqual(CLEAN);
    expect(scene.receiver.from('last')).toHaveLength(then.length);
  });

  it('to receivers that hang would make the next process wait, were they blamed for what was cut off', async () => {
    const host = await busy({ delivery: { drainTimeout: 300 }, mutant: 'cut-off-is-failure' });
    await host.terminate();
    expect((await scene.aftermath(ids)).lost.length).toBeGreaterThan(0);
  });

  it('to receivers that hang would stay for as long as they do, did it not stop waiting', async () => {
    const host = await busy({ delivery: { drainTimeout: 300 }, mutant: 'no-bound-on-shutdown' });
    host.signal('SIGTERM');
    expect(await host.isGoneInTime()).toBe(false);
  });
});
