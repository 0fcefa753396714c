import { randomBytes } from 'node:crypto';
import type { SecretView, SubscriptionInput } from 'nestjs-webhooks';
import { SecretsService, verify } from 'nestjs-webhooks';
import type { ReceivedRequest } from 'nestjs-webhooks/testing';
import { Webhook } from 'standardwebhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const HOUR_MS = 3_600_000;
const ownSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

describeDatabases('signing secrets', (database) => {
  const stage = useStage(database);

  async function send(host: Host): Promise<ReceivedRequest> {
    stage.receiver.clear();
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    return stage.receiver.requestsTo('/hook')[0]!;
  }

  /** Which of these keys the request is signed with. */
  function fitting(host: Host, request: ReceivedRequest, keys: readonly string[]): boolean[] {
    return keys.map((key) => verify(request, key, host.clock.now()) === null);
  }

  function publicKeys(secrets: readonly SecretView[]): string[] {
    return secrets.flatMap(({ public_key }) => public_key ?? []);
  }

  it('are both used while one is replaced, and the new one alone afterwards', async () => {
    const host = await stage.host();
    const old = await stage.subscribe(host);
    const next = await host.get(SecretsService).rotate(old.id, { overlap: 3_600 });
    const keys = [old.secret, next.secret];

    const during = await send(host);
    expect(fitting(host, during, keys)).toEqual([true, true]);
    for (const key of keys) expect(new Webhook(key).verify(during.body, during.headers)).toBeDefined();
    host.clock.advance(HOUR_MS - 60_000);
    expect(fitting(host, await send(host), keys)).toEqual([true, true]);
    host.clock.advance(120_000);
    expect(fitting(host, await send(host), keys)).toEqual([false, true]);
  });

  it('sign for a day more unless told otherwise, and not at all with no overlap', async () => {
    const host = await stage.host();
    const secrets = host.get(SecretsService);
    const first = await stage.subscribe(host);
    const second = await secrets.rotate(first.id);
    host.clock.advance(24 * HOUR_MS - 60_000);
    expect(fitting(host, await send(host), [first.secret, second.secret])).toEqual([true, true]);

    const own = ownSecret();
    const third = await secrets.rotate(first.id, { overlap: 0, secret: own });
    expect(third.secret).toBe(own);
    expect(fitting(host, await send(host), [first.secret, second.secret, own])).toEqual([false, false, true]);
    expect(third.secrets).toHaveLength(1);
  });

  it('are replaced for every process', async () => {
    const host = await stage.host();
    const other = await stage.host();
    const { id, secret } = await stage.subscribe(host);
    await send(other);
    const next = await host.get(SecretsService).rotate(id, { overlap: 0 });
    // The first event after the change may still be fanned out with the set of before, but it is signed with the new one.
    await send(other);
    expect(fitting(other, await send(other), [secret, next.secret])).toEqual([false, true]);
  });

  it('are ten at the most', async () => {
    const host = await stage.host();
    const secrets = host.get(SecretsService);
    const { id } = await stage.subscribe(host);
    for (let live = 1; live < 10; live++) await secrets.rotate(id);

    const refused = secrets.rotate(id);
    await expect(refused).rejects.toMatchObject({ code: 'SUBSCRIPTION_CONFLICT' });
    await expect(refused).rejects.toThrow('10 signing secrets are live');
    const request = await send(host);
    expect(request.headers['webhook-signature']!.split(' ')).toHaveLength(10);
    host.clock.advance(25 * HOUR_MS);
    expect((await secrets.rotate(id)).secrets).toHaveLength(2);
  });

  it('are refused in bad form, and nothing changes', async () => {
    const host = await stage.host();
    const { id, secret } = await stage.subscribe(host);
    for (const options of [
      { secret: 'password' },
      { overlap: -1 },
      { overlap: 1.5 },
      { overlap: 2_592_001 },
    ]) {
      await expect(host.get(SecretsService).rotate(id, options)).rejects.toMatchObject({
        code: 'SUBSCRIPTION_INVALID',
        path: Object.keys(options)[0],
      });
    }
    await expect(host.get(SecretsService).rotate(id, {}, { tenant: 'other' })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_NOT_FOUND',
    });
    expect(fitting(host, await send(host), [secret])).toEqual([true]);
  });

  it.each<[string, SubscriptionInput['signatures'], boolean, boolean]>([
    ['v1', null, true, false],
    ['v1a', ['v1a'], false, true],
    ['both', ['v1a', 'v1'], true, true],
  ])('sign with %s as the subscription chooses', async (_name, signatures, hasShared, hasOwn) => {
    const host = await stage.host();
    const { id, secret } = await stage.subscribe(host, { signatures: signatures! });
    const chosen = await host.subscriptions.update(id, { signatures: signatures! });
    const withKey = await host.subscriptions.update(id, { signatures: ['v1', 'v1a'] });
    const [publicKey] = publicKeys(withKey.secrets);
    await host.subscriptions.update(id, { signatures: chosen.signatures });

    const request = await send(host);
    expect(fitting(host, request, [secret, publicKey!])).toEqual([hasShared, hasOwn]);
  });

  it('never leave a request without a signature, also when v1a is chosen again while its old key ends', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { signatures: ['v1a'] });
    await host.subscriptions.update(id, { signatures: ['v1'] });
    await host.get(SecretsService).rotate(id, { overlap: 3_600 });
    const { secrets } = await host.subscriptions.update(id, { signatures: ['v1a'] });
    expect(publicKeys(secrets)).toHaveLength(2);

    host.clock.advance(2 * HOUR_MS);
    expect(fitting(host, await send(host), publicKeys(secrets))).toEqual([false, true]);
    const told = await host.get(SecretsService).publicKeys(id);
    expect(told.map(({ key }) => key)).toEqual(publicKeys(secrets).slice(1));
  });

  it('tell everybody the public keys that are in use, and nobody a private one', async () => {
    const host = await stage.host({ webhooks: { ...keysAt('hooks/keys'), dataSource: 'default' } });
    const both = await stage.subscribe(host, { signatures: ['v1', 'v1a'] });
    const shared = await stage.subscribe(host, { url: stage.receiver.url('/shared') });
    const rotated = await host.get(SecretsService).rotate(both.id, { overlap: 3_600 });
    const address = `${await host.listen()}/hooks/keys`;

    const answer = await fetch(`${address}/${both.id}`);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = (await answer.json()) as { keys: { key: string; not_after: string | null }[] };
    expect(keys.map(({ key }) => key)).toEqual(publicKeys(rotated.secrets));
    expect(keys.map(({ not_after }) => not_after === null)).toEqual([false, true]);
    expect(
      fitting(
        host,
        await send(host),
        keys.map(({ key }) => key),
      ),
    ).toEqual([true, true]);
    for (const id of [shared.id, 'sub_unknown', '..%2f'])
      expect((await fetch(`${address}/${id}`)).status).toBe(404);
    expect(JSON.stringify([rotated, keys])).not.toMatch(/whsk_[A-Za-z0-9]/);
  });
});

function keysAt(publicKeysPath: string) {
  return {
    publicKeysPath,
    secrets: { current: Buffer.alloc(32, 7).toString('base64') },
    egress: { allow: ['127.0.0.1/32'] },
  };
}
