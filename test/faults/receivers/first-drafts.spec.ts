import type { Misbehaviour } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../../support/databases.js';
import { partOf } from '../../support/internals.js';
import { ByteServer } from './byte-server.js';
import type { Send } from './naive-senders.js';
import { byAxios, byUndici, sendBy } from './naive-senders.js';
import { CLEAN } from './order-book.js';
import { RETRY_MS, useWard } from './ward.js';

interface Engine {
  readonly settler: { settle(settlement: object, subject: unknown): void };
  readonly health: { observe(subscription: object, report: object): void };
}

const OWN = undefined;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';
const MEGABYTE = Buffer.alloc(1_000_000, 'x');

describeDatabases('without its defence', (database) => {
  const ward = useWard(database);
  let server: ByteServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const engine = (): Engine => partOf<{ engine: Engine }>(ward.host, 'Dispatcher').engine;

  const admit = async (send: Send | undefined, url?: string, timeout = 15_000): Promise<void> => {
    await ward.admit({ timeout }, url ? { url } : {});
    if (send) sendBy(ward.host, send);
  };

  /** Two rounds: the receiver misbehaves in the first, and is well in the second. */
  const rounds = async (behaviour: Misbehaviour | number): Promise<void> => {
    ward.sick.answer('/hook', behaviour);
    await ward.book.commit('A', 'B');
    await ward.host.webhooks.drain();
    ward.sick.answer('/hook', 204);
    await ward.after(1.3 * RETRY_MS);
  };

  it.each([
    ['the deadline over the whole exchange', OWN, 'broken off'],
    ['an idle timeout in its place', byAxios(), 'read to the end'],
  ] as const)('a dripping body takes as long as it likes: %s', async (_title, send, outcome) => {
    const fourSeconds = { count: 400, everyMs: 10 };
    server = await ByteServer.start(`${HEAD}\r\n`, Buffer.from('.'), fourSeconds);
    await admit(send, server.url, 2_000);

    await ward.book.commit('A');

    expect(await server.outcome).toBe(outcome);
  });

  it.each([
    ['the limit of what is read of an answer', OWN, 'broken off'],
    ['no limit', byAxios(), 'read to the end'],
  ] as const)('all of a large answer is downloaded: %s', async (_title, send, outcome) => {
    const most = { count: 30, everyMs: 0 };
    server = await ByteServer.start(`${HEAD}content-length: 30000000\r\n\r\n`, MEGABYTE, most);
    await admit(send, server.url);

    await ward.book.commit('A');

    expect(await server.outcome).toBe(outcome);
  });

  it.each([
    ['no unpacking', OWN, false],
    ['unpacking', byAxios(), true],
  ] as const)('a gzip bomb goes off in the database: %s', async (_title, send, explodes) => {
    await admit(send);

    await rounds({ kind: 'gzip-bomb', bytes: 5_000_000 });

    const large = await ward.host.count('attempts', 'length(response_body) > 20000');
    expect(large > 0).toBe(explodes);
  });

  it.each([
    ['no redirects', OWN, 0],
    ['redirects', byAxios(), 2],
  ] as const)('a receiver chooses where requests go: %s', async (_title, send, strays) => {
    await admit(send);

    await rounds({ kind: 'redirect', to: '/elsewhere', status: 307 });

    expect(ward.sick.requestsTo('/elsewhere')).toHaveLength(strays);
  });

  it.each([
    ['interim responses passed over', OWN, 0],
    ['the client as it comes', byUndici(), 2],
  ] as const)('an unasked 100 makes a message come twice: %s', async (_title, send, duplicates) => {
    await admit(send);

    await rounds({ kind: 'continue' });

    expect((await ward.book.verdict(ward.sick)).duplicates).toHaveLength(duplicates);
  });

  it.each([
    ['the schedule', false],
    ['any answer taken for a success', true],
  ] as const)('what was refused is lost: %s', async (_title, isBroken) => {
    await admit(OWN);
    const { settler } = engine();
    const settle = settler.settle.bind(settler);
    if (isBroken)
      settler.settle = (settlement, subject) =>
        settle({ ...settlement, state: 'succeeded', retryInMs: null }, subject);

    await rounds(500);

    const lost = isBroken ? ['A', 'B'] : [];
    expect(await ward.book.verdict(ward.sick)).toEqual({ ...CLEAN, lost });
  });

  it.each([
    ['410 understood', false, 2],
    ['410 taken for any failure', true, 4],
  ] as const)('who is gone is sent to: %s', async (_title, isBroken, requests) => {
    await admit(OWN);
    const { health } = engine();
    const observe = health.observe.bind(health);
    if (isBroken)
      health.observe = (subscription, report) => observe(subscription, { ...report, gone: false });

    await rounds(410);
    await ward.book.commit('C', 'D');
    await ward.host.webhooks.drain();

    expect(ward.sick.requests).toHaveLength(requests);
  });
});
