import { describeDatabases } from '../support/databases.js';
import { useStage } from '../support/stage.js';

describeDatabases('the number of subscriptions of a tenant', (database) => {
  const stage = useStage(database);
  const url = 'https://receiver.example/hooks';

  it('is fifty unless the options say otherwise', async () => {
    const host = await stage.host({ webhooks: { limits: {} } });
    for (let number = 0; number < 50; number++) await host.subscriptions.create({ url, tenant: 'a' });

    const refused = host.subscriptions.create({ url, tenant: 'a' });
    await expect(refused).rejects.toMatchObject({ code: 'SUBSCRIPTION_LIMIT' });
    await expect(refused).rejects.toThrow('limits.subscriptionsPerTenant');
    expect(await host.count('subscriptions')).toBe(50);
    await expect(host.subscriptions.create({ url, tenant: 'b' })).resolves.toBeDefined();
  });

  it('holds for parallel requests to two processes, and gives the room of a deleted one again', async () => {
    const limits = { subscriptionsPerTenant: 3 };
    const hosts = [await stage.host({ webhooks: { limits } }), await stage.host({ webhooks: { limits } })];
    const tries = Array.from({ length: 12 }, (_, number) => hosts[number % 2]!.subscriptions.create({ url }));
    const made = (await Promise.allSettled(tries)).filter((each) => each.status === 'fulfilled');
    expect(made).toHaveLength(3);

    await hosts[0]!.subscriptions.delete(made[0]!.value.id);
    await expect(hosts[1]!.subscriptions.create({ url })).resolves.toBeDefined();
    await expect(hosts[0]!.subscriptions.create({ url })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_LIMIT',
    });
  });

  it.each([0, -1, 2.5, Number.NaN])('must be a whole number above zero, not %d', async (limit) => {
    const host = stage.host({ webhooks: { limits: { subscriptionsPerTenant: limit } } });
    await expect(host).rejects.toThrow('limits.subscriptionsPerTenant');
  });
});
