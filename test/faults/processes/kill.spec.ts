import { describeDatabases } from '../../support/databases.js';
import type { FaultHostOptions } from '../support/fault-host.js';
import { orderIds, useFaultScene } from '../support/fault-scene.js';
import { AFTER_THE_LEASE_MS, killMidDelivery } from './kill-rounds.js';

const CLEAN = { lost: [], phantoms: [], duplicates: [] };

describeDatabases('a process killed by kill -9', (database) => {
  const scene = useFaultScene(database);

  /**
   * Places orders in a process that dies by itself, and looks at what the next one makes of it. `strangers`: messages that a
   * receiver cannot know for repetitions.
   */
  async function dying(options: FaultHostOptions) {
    const { receiver } = scene;
    await scene.subscribe();
    const host = await scene.start(options);
    const ids = orderIds('A', 8);
    host.publish(ids).catch(() => undefined);
    const signal = await host.exited;
    const before = receiver.requests.length;
    const verdict = await scene.aftermath(ids, { aheadMs: AFTER_THE_LEASE_MS, mutant: options.mutant });
    const messages = new Set(receiver.requests.map(({ webhookId }) => webhookId)).size;
    const orders = new Set(receiver.requests.map(({ orderId }) => orderId)).size;
    return { ...verdict, signal, before, strangers: messages - orders };
  }

  it('mid-delivery loses nothing, three times in a row, and repeats at most what was in flight', async () => {
    const { lost, phantoms, duplicates, inFlight } = await killMidDelivery(scene, 3);

    expect({ lost, phantoms }).toEqual({ lost: [], phantoms: [] });
    expect(duplicates.length).toBeLessThanOrEqual(inFlight);
  });

  it('mid-delivery would lose what it had not sent, were the events not leased but only in its memory', async () => {
    const { lost } = await killMidDelivery(scene, 1, 'no-lease');
    expect(lost.length).toBeGreaterThan(0);
  });

  it('mid-delivery would lose what it was sending, were that put on record before', async () => {
    const { lost } = await killMidDelivery(scene, 1, 'record-before-send');
    expect(lost.length).toBeGreaterThan(0);
  });

  it('before the commit has sent nothing of what nobody was promised', async () => {
    const { receiver } = scene;
    await scene.subscribe();
    const host = await scene.start({ diesAt: 'before-commit' });
    host.publish(['A']).catch(() => undefined);
    await host.committing;
    // On SQLite the open transaction keeps it from looking: that is as good.
    await Promise.allSettled([host.drain()]);
    await host.kill();

    expect(await scene.aftermath(['A'], { aheadMs: AFTER_THE_LEASE_MS })).toEqual(CLEAN);
    expect(receiver.requests).toEqual([]);
  });

  it('before the commit would have sent a phantom, were events handed over when they are written', async () => {
    await scene.subscribe();
    const host = await scene.start({ diesAt: 'before-commit', mutant: 'hand-over-before-commit' });
    host.publish(['A']).catch(() => undefined);
    await scene.receiver.arrived(1);
    await host.kill();

    const { phantoms } = await scene.aftermath(['A'], { aheadMs: AFTER_THE_LEASE_MS });
    expect(phantoms).toEqual(['A']);
  });

  it('after the 2xx and before the record sends it again, under the same id', async () => {
    const { lost, duplicates, before, ...rest } = await dying({ diesAt: 'before-record' });

    expect({ lost, ...rest }).toEqual({ lost: [], phantoms: [], signal: 'SIGKILL', strangers: 0 });
    expect(before).toBeGreaterThan(0);
    expect(duplicates.length).toBeGreaterThan(0);
    expect(duplicates.length).toBeLessThanOrEqual(before);
  });

  it('after the 2xx would send what no receiver could recognise, had each attempt an id of its own', async () => {
    const { lost, strangers } = await dying({ diesAt: 'before-record', mutant: 'id-per-attempt' });
    expect(lost).toEqual([]);
    expect(strangers).toBeGreaterThan(0);
  });

  it('between commit and hand-over loses nothing and repeats nothing', async () => {
    const verdict = await dying({ diesAt: 'before-hand-over' });
    expect(verdict).toEqual({ ...CLEAN, signal: 'SIGKILL', before: 0, strangers: 0 });
  });

  it('between commit and hand-over would lose its events, were they not committed with a lease', async () => {
    const { lost } = await dying({ diesAt: 'before-hand-over', mutant: 'no-lease' });
    expect(lost.length).toBeGreaterThan(0);
  });
});
