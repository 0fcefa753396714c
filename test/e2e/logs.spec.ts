import { ConsoleLogger, Logger } from '@nestjs/common';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const BODY = 'secret-order';

/** What is written to both streams while `work` runs. */
async function printed(work: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) stream.write = (chunk: unknown) => lines.push(String(chunk)) > 0;
  try {
    await work();
  } finally {
    streams.forEach((stream, index) => (stream.write = originals[index]!));
  }
  return lines.join('');
}

describeDatabases('the log', (database) => {
  const stage = useStage(database);

  async function exhaust(host: Host, orders: readonly string[]): Promise<void> {
    for (const order of orders) await host.webhooks.publish(OrderCreated.of(order));
    for (let tries = 0; tries < 3; tries++) {
      await host.webhooks.drain();
      host.clock.advance(2_000);
    }
  }

  it('has one line about a delivery that is given up and one about its failures, with ids and codes', async () => {
    const host = await stage.host();
    stage.receiver.answer('/hook', { status: 503, body: BODY });
    const { id } = await stage.subscribe(host, { limits: { retry_schedule: [1] } });
    await exhaust(host, [BODY]);

    const failed = host.logger.of('debug').filter((line) => line.includes('An attempt failed'));
    const over = host.logger.of('warn');
    expect(failed).toEqual([
      expect.stringMatching(/attempt: 1, state: 'pending', code: 'HTTP_STATUS', status: 503/),
    ]);
    expect(over).toEqual([expect.stringMatching(/A delivery is given up .*attempt: 2, state: 'exhausted'/)]);
    for (const line of [...failed, ...over]) {
      expect(line).toContain(`subscriptionId: '${id}'`);
      expect(line).toMatch(/deliveryId: '\w+', eventId: 'evt_\w+', eventType: 'OrderCreated'/);
      expect(line).toContain(`tenant: 'default'`);
    }
    expect(host.logger.lines.join('\n')).not.toContain(BODY);
    expect(host.logger.of('error')).toEqual([]);
  });

  it('is not flooded by a dead endpoint: a line a minute, which says how many were left out', async () => {
    const host = await stage.host();
    stage.receiver.answer('/hook', 500);
    await stage.subscribe(host, { limits: { retry_schedule: [1] } });
    await exhaust(host, ['A', 'B', 'C']);
    expect(host.logger.of('warn')).toEqual([expect.stringContaining('suppressed: 0')]);
    host.clock.advance(120_000);
    await exhaust(host, ['F']);
    expect(host.logger.of('warn')).toEqual([
      expect.stringContaining('suppressed: 0'),
      expect.stringContaining('suppressed: 2'),
    ]);
  });

  it('keeps its fields where lines are JSON', async () => {
    const host = await stage.host();
    stage.receiver.answer('/hook', 500);
    const { id } = await stage.subscribe(host, { limits: { retry_schedule: [1] } });
    const text = await printed(async () => {
      Logger.overrideLogger(new ConsoleLogger({ json: true }));
      await exhaust(host, ['A']);
      Logger.overrideLogger(host.logger);
    });
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    const written = lines.map((each) => JSON.parse(each) as { level: string });
    const line = written.find(({ level }) => level === 'warn');
    expect(line).toMatchObject({
      level: 'warn',
      context: 'Webhooks',
      message: 'A delivery is given up',
      params: { subscriptionId: id, attempt: 2, code: 'HTTP_STATUS', status: 500, suppressed: 0 },
    });
  });
});
