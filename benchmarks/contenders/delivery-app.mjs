/** A Nest application that publishes and delivers. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  countRows,
  envelopeTo,
  noticeTo,
  openHost,
  subscribeEndpoints,
  tenantOf,
} from '../support/host-app.mjs';
import { monotonicMs } from '../support/monotonic.mjs';
import { orderTicketed } from '../support/order-event.mjs';
import { Progress } from '../support/progress.mjs';

/** Published and not yet received: enough that nobody waits for work, few enough for the dispatcher's memory. */
const UNDER_WAY = 500;
const HANGING = 'hanging';
const CALLERS = { transaction: 64, grouped: 256 };

class DeliveryApp {
  #number = 0;
  recordedBefore = 0;

  constructor(host, progress, { ports }) {
    this.host = host;
    this.progress = progress;
    this.endpoints = ports.length;
  }

  /**
   * Publishes this many events as fast as they are delivered; the time ends when every outcome is on record.
   * @param mode each event in a `transaction` of the application's own, or `grouped`, outside of any
   */
  measure(count, mode = 'transaction') {
    this.progress.start();
    return this.#timed(count, () => this.#publishAll(count, mode));
  }

  /** Sends a backlog of this many events, which another process has published. */
  measureBacklog(count) {
    return this.#timed(count, () => undefined);
  }

  /** Events for the endpoint that never answers. */
  async fillHanging(count) {
    const publish = (_, number) =>
      this.host.webhooks.publish(orderTicketed(`HANGING-${number}`), { tenant: HANGING });
    await Promise.all(Array.from({ length: count }, publish));
  }

  /** Publishes at a steady rate; gives for each event when its COMMIT was acknowledged, in milliseconds of the monotonic clock. */
  async measureLatency(count, perSecond) {
    const samples = [];
    const subscriber = {
      afterTransactionCommit: ({ queryRunner }) => {
        if (queryRunner.data.event && !queryRunner.isTransactionActive)
          samples.push({ id: queryRunner.data.event, at: monotonicMs() });
      },
    };
    // Before the module's own, which hands the event over.
    this.host.dataSource.subscribers.unshift(subscriber);
    const startedAt = monotonicMs();
    const published = [];
    for (let number = 0; number < count; number++) {
      const due = startedAt + (number * 1000) / perSecond - monotonicMs();
      if (due > 0) await wait(due);
      published.push(this.#inTransaction());
    }
    await Promise.all(published);
    const { subscribers } = this.host.dataSource;
    subscribers.splice(subscribers.indexOf(subscriber), 1);
    return samples;
  }

  drain() {
    return this.host.webhooks.drain();
  }

  async close() {
    this.progress.close();
    await this.host.close();
  }

  async #timed(count, work) {
    const before = this.recordedBefore;
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    await work();
    await this.host.webhooks.drain();
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    this.recordedBefore = await this.#recorded();
    const recorded = this.recordedBefore - before;
    if (recorded !== count) throw new Error(`${recorded} of ${count} deliveries are on record as succeeded`);
    return { rate: count / seconds, cpuUs: (user + system) / count };
  }

  async #publishAll(count, mode) {
    let published = 0;
    const caller = async () => {
      while (published < count) {
        if (published - this.progress.received >= UNDER_WAY) await this.progress.news();
        else {
          published++;
          await (mode === 'transaction' ? this.#inTransaction() : this.#outside());
        }
      }
    };
    await Promise.all(Array.from({ length: CALLERS[mode] }, caller));
  }

  #next() {
    const number = this.#number++;
    return { event: orderTicketed(`AGW-${number}`), tenant: tenantOf(number % this.endpoints) };
  }

  #outside() {
    const { event, tenant } = this.#next();
    return this.host.webhooks.publish(event, { tenant });
  }

  #inTransaction() {
    const { event, tenant } = this.#next();
    return this.host.webhooks.transaction(async (manager) => {
      await manager.query(this.host.inserts.plain, [event.agw_id]);
      const { id } = await this.host.webhooks.publish(event, { tenant });
      manager.queryRunner.data = { event: id };
    });
  }

  #recorded() {
    return countRows(this.host.dataSource, `webhooks_deliveries WHERE state = 'succeeded'`);
  }
}

export async function open({ database, delivery, subscribe = true, body = 'notice', ...address }) {
  const { ports, progressPort, hangingPort } = address;
  const host = await openHost({ database, delivery });
  if (subscribe)
    await subscribeEndpoints(host.subscriptions, ports, body === 'notice' ? noticeTo : envelopeTo);
  if (hangingPort) {
    const target = { tenant: HANGING, event_types: ['OrderTicketed'], ...noticeTo(hangingPort) };
    await host.subscriptions.create(target);
  }
  return new DeliveryApp(host, await Progress.connect(progressPort), { ports });
}
