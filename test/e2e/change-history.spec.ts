import type { ChangeView, SubscriptionPatch } from 'nestjs-webhooks';
import { SecretsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const ANNA = { actor: 'anna@example.com', reason: 'ticket 4711' };
const SECRET = {
  header: 'h34der-0f-the-office',
  password: 'p4ssw0rd-0f-the-office',
  template: 't3mplate-0f-the-office',
  url: 'u51-0f-the-office',
};

/** The row that a store takes, and what it says of who changed it. */
interface Store {
  find(id: string): Promise<object>;
  update(record: object, note: object): Promise<object | undefined>;
  remove(record: object, note: object): Promise<object | undefined>;
}

const NOTE = { action: 'update', actor: 'late', reason: null, what: '{}' };

describeDatabases('the history of a subscription', (database) => {
  const stage = useStage(database);

  const actions = (changes: readonly ChangeView[]): string[] => changes.map(({ action }) => action);

  async function historyOf(host: Host, id: string): Promise<readonly ChangeView[]> {
    return (await host.subscriptions.changes(id)).items;
  }

  it('tells who did what, when and why, the newest first', async () => {
    const host = await stage.host();
    const { subscriptions } = host;
    const url = stage.receiver.url('/hook');
    const { id, version } = await subscriptions.create({ url, description: 'first' }, ANNA);
    await subscriptions.update(id, { description: 'second', metadata: { team: 'tickets' } }, ANNA);
    await subscriptions.pause(id, { actor: 'ben', reason: 'they move house' });
    expect(await subscriptions.get(id)).toMatchObject({ state_reason: 'they move house' });
    await subscriptions.resume(id, { actor: 'ben', reason: 'moved' });
    await subscriptions.disable(id, 'does not pay', { actor: 'carla' });
    await subscriptions.enable(id, { actor: 'carla', reason: 'has paid' });
    await host.get(SecretsService).rotate(id, {}, { actor: 'dora', reason: 'once a year' });
    await subscriptions.delete(id, { actor: 'emil', reason: 'has left' });

    const changes = await historyOf(host, id);

    const told = changes.map(({ action, actor, reason }) => [action, actor, reason]);
    expect(told).toEqual([
      ['delete', 'emil', 'has left'],
      ['rotate', 'dora', 'once a year'],
      ['enable', 'carla', 'has paid'],
      ['disable', 'carla', 'does not pay'],
      ['resume', 'ben', 'moved'],
      ['pause', 'ben', 'they move house'],
      ['update', 'anna@example.com', 'ticket 4711'],
      ['create', 'anna@example.com', 'ticket 4711'],
    ]);
    expect(changes.map((change) => change.version)).toEqual([8, 7, 6, 5, 4, 3, 2, version]);
    expect(changes[6]!.what).toEqual({
      description: { before: 'first', after: 'second' },
      'metadata.team': { before: null, after: 'tickets' },
    });
    expect(changes[5]!.what).toEqual({
      state: { before: 'enabled', after: 'paused' },
      state_reason: { before: null, after: 'they move house' },
    });
    expect(changes[7]!.what).toMatchObject({
      'http_request.url': { before: null, after: url },
      state: { before: null, after: 'enabled' },
    });
    expect(changes[0]!.what['http_request.url']).toEqual({ before: url, after: null });
    for (const { at, tenant } of changes) {
      expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
      expect(tenant).toBe('default');
    }
  });

  it('names nobody and no reason where none is given', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await host.subscriptions.disable(id);
    expect(await historyOf(host, id)).toMatchObject([
      { action: 'disable', actor: null, reason: 'manual' },
      { action: 'create', actor: null, reason: null },
    ]);
  });

  it('says what the engine did by itself', async () => {
    const host = await stage.host();
    stage.receiver.answer('/hook', 410);
    const { id } = await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    const [disabled] = await historyOf(host, id);
    expect(disabled).toMatchObject({ action: 'disable', actor: 'webhooks', reason: 'gone' });
  });

  it('holds no secret, and shows that one has changed', async () => {
    const host = await stage.host();
    const { id, secret } = await stage.subscribe(host, {
      http_request: {
        url: stage.receiver.url(`/hook?token=${SECRET.url}`),
        header: { Authorization: `Bearer ${SECRET.header}`, 'X-Team': 'tickets' },
        json_body: { a: '{{ secrets.A }}' },
      },
      event_types: ['OrderCreated'],
      template_secrets: { A: SECRET.template },
      authentication: { type: 'header', name: 'X-Key', value: SECRET.password },
    });
    const patches: Record<string, SubscriptionPatch> = {
      'template_secrets.A': { template_secrets: { A: `${SECRET.template}-2` } },
      authentication: { authentication: { type: 'header', name: 'X-Key', value: `${SECRET.password}-2` } },
      'http_request.header.Authorization': { headers: { Authorization: `Bearer ${SECRET.header}-2` } },
      'http_request.url': { url: stage.receiver.url(`/hook?token=${SECRET.url}-2`) },
    };
    for (const [path, patch] of Object.entries(patches)) {
      await host.subscriptions.update(id, patch);
      const { what } = (await historyOf(host, id))[0]!;
      expect(Object.keys(what)).toEqual([path]);
      expect(what[path]!.before).toEqual(what[path]!.after);
      expect(JSON.stringify(what)).toContain('********');
    }
    const rotated = await host.get(SecretsService).rotate(id);
    const { what } = (await historyOf(host, id))[0]!;
    expect(what).toEqual({
      secrets: {
        before: [{ id: expect.any(String) as string, not_after: null }],
        after: rotated.secrets.map((each) => ({ id: each.id, not_after: each.not_after })),
      },
    });
    await host.subscriptions.delete(id);

    const rows = JSON.stringify(await host.dataSource.query('SELECT * FROM webhooks_subscription_changes'));
    expect(rows).toContain('tickets');
    const ends = [secret, rotated.secret].map((each) => `****${each.replace(/=+$/, '').slice(-4)}`);
    for (const hidden of [...Object.values(SECRET), secret, rotated.secret, ...ends])
      expect({ hidden, isThere: rows.includes(hidden) }).toEqual({ hidden, isThere: false });
  });

  it('holds a row for each change that was made, and none for one that lost the race', async () => {
    const host = await stage.host();
    const store = partOf<Store>(host, 'SubscriptionStore');
    const { id } = await stage.subscribe(host);
    const read = await store.find(id);
    await host.subscriptions.update(id, { description: 'quicker' });

    expect(await store.update(read, NOTE)).toBeUndefined();
    expect(await store.remove(read, NOTE)).toBeUndefined();
    await expect(host.subscriptions.update(id, { event_types: ['Nothing'] })).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
    const taken = await stage.subscribe(host, { uid: 'mine' });
    const clash = host.subscriptions.update(id, { uid: 'mine' });
    await expect(clash).rejects.toMatchObject({ code: 'SUBSCRIPTION_CONFLICT' });
    await host.subscriptions.enable(id);

    expect(actions(await historyOf(host, id))).toEqual(['update', 'create']);
    expect(actions(await historyOf(host, taken.id))).toEqual(['create']);
    expect((await host.subscriptions.get(id)).version).toBe(2);
  });

  it('has one row for each version, however many write at the same time', async () => {
    const [one, other] = [await stage.host(), await stage.host()];
    const { id } = await stage.subscribe(one);
    const writers = [one, other, one, other].map((host, n) =>
      host.subscriptions.update(id, { description: `${n}` }, { actor: `${n}` }),
    );
    const written = await Promise.all(writers);
    const versions = [5, 4, 3, 2, 1];
    const changes = await historyOf(one, id);
    expect(changes.map(({ version }) => version)).toEqual(versions);
    for (const { version, description } of written)
      expect(changes.find((change) => change.version === version)!.actor).toBe(description);
  });

  it('writes the change only together with its row', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await host.dataSource.query('ALTER TABLE webhooks_subscription_changes RENAME TO elsewhere');
    await expect(host.subscriptions.update(id, { description: 'unseen' })).rejects.toHaveProperty('message');
    await expect(host.subscriptions.delete(id)).rejects.toHaveProperty('message');
    await expect(stage.subscribe(host)).rejects.toHaveProperty('message');
    await host.dataSource.query('ALTER TABLE elsewhere RENAME TO webhooks_subscription_changes');
    expect(await host.subscriptions.list()).toMatchObject({ items: [{ id, description: null, version: 1 }] });
    expect(actions(await historyOf(host, id))).toEqual(['create']);
  });

  it('is read in pages that stay while it grows, by its tenant only, also after the end', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { tenant: 'acme' });
    for (let n = 0; n < 4; n++) await host.subscriptions.update(id, { description: `${n}` });
    const acme = { tenant: 'acme' };
    const first = await host.subscriptions.changes(id, { limit: 2 }, acme);
    await host.subscriptions.delete(id, acme);
    const second = await host.subscriptions.changes(id, { limit: 2, cursor: first.next! }, acme);
    const last = await host.subscriptions.changes(id, { limit: 2, cursor: second.next! }, acme);
    const pages = [first, second, last].map(({ items }) => items.map(({ version }) => version));
    expect(pages).toEqual([[5, 4], [3, 2], [1]]);
    expect(last.next).toBeNull();
    expect(actions((await host.subscriptions.changes(id, {}, acme)).items)[0]).toBe('delete');
    const strangers = host.subscriptions.changes(id, {}, { tenant: 'other' });
    await expect(strangers).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    await expect(host.subscriptions.changes('sub_none')).rejects.toMatchObject({
      code: 'SUBSCRIPTION_NOT_FOUND',
    });
  });

  it.each<[string, object]>([
    ['limit', { limit: 251 }],
    ['cursor', { cursor: '-1' }],
  ])('refuses a bad %s', async (path, query) => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    const refused = host.subscriptions.changes(id, query);
    await expect(refused).rejects.toMatchObject({ code: 'QUERY_INVALID', path });
  });

  it.each(['actor', 'reason'])('takes no %s that is too long, and changes nothing then', async (member) => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    const refused = host.subscriptions.pause(id, { [member]: 'x'.repeat(201) });
    await expect(refused).rejects.toMatchObject({ code: 'SUBSCRIPTION_INVALID', path: member });
    expect(await host.subscriptions.get(id)).toMatchObject({ state: 'enabled', version: 1 });
  });
});
