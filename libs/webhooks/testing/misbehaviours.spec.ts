import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { WebhookReceiver } from './webhook-receiver.js';

/** What came over a connection, and how it ended. */
class Peer {
  text = '';
  bytes = 0;
  failure: string | undefined;
  readonly ended: Promise<void>;
  private readonly watchers = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.text.length < 200_000) this.text += chunk.toString('latin1');
      for (const watch of this.watchers) watch();
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => (this.failure = code));
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static to(port: number): Peer {
    return new Peer(connect(port, '127.0.0.1'));
  }

  post(): this {
    this.socket.write('POST /hooks HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
    return this;
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!holds()) return;
        this.watchers.delete(watch);
        resolve();
      };
      this.watchers.add(watch);
      watch();
    });
  }
}

describe('a WebhookReceiver that misbehaves', () => {
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.close());

  const post = (
    ...behaviours: Parameters<WebhookReceiver['answer']> extends [string, ...infer B] ? B : never
  ) => {
    receiver.answer('/hooks', ...behaviours);
    return Peer.to(receiver.port).post();
  };

  it('hangs', async () => {
    const peer = post({ kind: 'hang' });
    await receiver.waitFor(1);
    await receiver.close();
    await peer.ended;
    expect(peer.text).toBe('');
  });

  it('closes the connection without a byte, politely', async () => {
    const peer = post({ kind: 'close' });
    await peer.ended;
    expect([peer.text, peer.failure]).toEqual(['', undefined]);
  });

  it.each([
    ['request', ''],
    ['headers', 'HTTP/1.1 503 Reset\r\ncontent-length: 100\r\n\r\n'],
    ['body', 'HTTP/1.1 503 Reset\r\ncontent-length: 100\r\n\r\nonly half'],
  ] as const)('resets the connection after the %s', async (after, text) => {
    const peer = post({ kind: 'reset', after, status: 503 });
    await peer.ended;
    expect([peer.text, peer.failure]).toEqual([text, 'ECONNRESET']);
  });

  it('resets the connection when it is used again, and takes nothing of that request', async () => {
    const peer = post({ kind: 'reset-reused' }, 204);
    await peer.until(() => peer.text.endsWith('ok'));
    await peer.post().ended;
    expect(peer.failure).toBe('ECONNRESET');
    expect(receiver.requests).toHaveLength(1);
    const fresh = Peer.to(receiver.port).post();
    await fresh.until(() => fresh.text.startsWith('HTTP/1.1 204'));
    fresh.socket.destroy();
  });

  it('drips', async () => {
    const peer = post({ kind: 'drip', status: 201, intervalMs: 1 });
    await peer.until(() => peer.text.split('\r\n.\r\n').length > 3);
    peer.socket.destroy();
    expect(peer.text).toMatch(/^HTTP\/1.1 201 /);
  });

  it('sends half a body', async () => {
    const peer = post({ kind: 'half-body', status: 500 });
    await peer.ended;
    expect(peer.text).toMatch(/^HTTP\/1.1 500 .*content-length: 100.*only half$/s);
  });

  it('sends a body without end', async () => {
    const peer = post({ kind: 'endless-body' });
    await peer.until(() => peer.bytes > 5_000_000);
    peer.socket.destroy();
    expect(peer.text).not.toContain('content-length');
  });

  it('sends a body of the size that is ordered, 100 MB if none is', async () => {
    const small = post({ kind: 'large-body', bytes: 50_000 });
    await small.until(() => small.text.split('\r\n\r\n')[1]?.length === 50_000);
    small.socket.destroy();
    const large = post({ kind: 'large-body' });
    await large.until(() => large.bytes > 1_000_000);
    large.socket.destroy();
    expect(large.text).toContain('content-length: 100000000');
  });

  it('sends a small body that unpacks to a large one', async () => {
    const response = post({ kind: 'gzip-bomb', bytes: 3_000_000 });
    await response.until(() => response.text.includes('\r\n\r\n'));
    const length = Number(/content-length: (\d+)/.exec(response.text)?.[1]);
    const body = (): string => response.text.slice(response.text.indexOf('\r\n\r\n') + 4);
    await response.until(() => body().length === length);
    response.socket.destroy();
    expect(length).toBeLessThan(10_000);
    expect(gunzipSync(Buffer.from(body(), 'latin1'))).toHaveLength(3_000_000);
  });

  it('sends 64 kB of headers', async () => {
    const peer = post({ kind: 'large-headers' });
    await peer.until(() => peer.text.endsWith('ok'));
    peer.socket.destroy();
    expect(Math.abs(peer.text.indexOf('\r\n\r\n') - 65_536)).toBeLessThan(500);
  });

  it('sends what is not HTTP', async () => {
    const peer = post({ kind: 'garbage' });
    await peer.ended;
    expect(peer.text).toBe('this is not HTTP at all\r\n\r\n');
  });

  it('redirects', async () => {
    const peer = post({ kind: 'redirect', to: '/elsewhere', status: 307 });
    await peer.until(() => peer.text.includes('\r\n\r\n'));
    peer.socket.destroy();
    expect(peer.text).toMatch(/^HTTP\/1.1 307 .*location: \/elsewhere/s);
  });

  it('switches to another protocol', async () => {
    const peer = post({ kind: 'upgrade' });
    await peer.until(() => peer.text.endsWith('\r\n\r\n'));
    peer.socket.destroy();
    expect(peer.text).toMatch(/^HTTP\/1.1 101 /);
  });

  it.each([
    ['continue', 'HTTP/1.1 100 Continue'],
    ['early-hints', 'HTTP/1.1 103 Early Hints'],
  ] as const)('sends interim responses: %s', async (kind, line) => {
    const once = post({ kind, status: 202 });
    await once.until(() => once.text.endsWith('ok'));
    once.socket.destroy();
    const forEver = post({ kind, repeat: true });
    await forEver.until(() => forEver.text.split(line).length > 4);
    forEver.socket.destroy();
    expect(once.text.split('HTTP/1.1 ')[2]).toMatch(/^202 /);
    expect(once.text.startsWith(line)).toBe(true);
  });

  it('sends the very bytes that are ordered', async () => {
    const closed = post({ kind: 'raw', bytes: 'HTTP/1.' });
    await closed.ended;
    const open = post({ kind: 'raw', bytes: Buffer.from('HTTP/1.1 '), open: true });
    await open.until(() => open.text === 'HTTP/1.1 ');
    open.socket.destroy();
    expect(closed.text).toBe('HTTP/1.');
  });

  it('sends several headers of one name', async () => {
    const peer = post({ status: 503, headers: { 'retry-after': ['1', '2'] } });
    await peer.until(() => peer.text.includes('\r\n\r\n'));
    peer.socket.destroy();
    expect(peer.text).toMatch(/retry-after: 1\r\nretry-after: 2\r\n/);
  });

  it('refuses connections until it accepts them again, on the same port', async () => {
    const open = post({ kind: 'hang' });
    await receiver.waitFor(1);
    await receiver.refuse();
    await open.ended;
    const refused = Peer.to(receiver.port);
    await refused.ended;
    expect(refused.failure).toBe('ECONNREFUSED');

    await receiver.accept();
    const accepted = post(204);
    await accepted.until(() => accepted.text.startsWith('HTTP/1.1 204'));
    accepted.socket.destroy();
    expect(receiver.requests).toHaveLength(2);
  });
});
