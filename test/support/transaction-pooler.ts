import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Client } from 'pg';

/** A connection to the server, after it has been authenticated. */
interface Backend {
  readonly client: Client;
  readonly socket: Socket;
}

const READY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/** Authenticated; the number of a process that there is not; ready. */
const GREETING = Buffer.concat([
  Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 0]),
  Buffer.from([...Buffer.from('K'), 0, 0, 0, 12, 127, 255, 255, 255, 0, 0, 0, 1]),
  Buffer.from([READY, 0, 0, 0, 5, IDLE]),
]);

/** Calls back for each `ReadyForQuery` of a stream of messages. */
function onReady(socket: Socket, heard: (status: number) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const length = rest.readUInt32BE(1) + 1;
      if (rest[0] === READY) heard(rest[5]!);
      rest = rest.subarray(length);
    }
  });
}

/**
 * Stands before PostgreSQL as a pooler in transaction mode that knows nothing of prepared statements: a client has two processes
 * of the server in turns, and each transaction meets the other one.
 */
export class TransactionPooler {
  private readonly clients: Client[] = [];
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {
    server.on('connection', (socket) => void this.serve(socket));
  }

  static async start(target: string): Promise<TransactionPooler> {
    const server = createServer({ pauseOnConnect: true });
    const pooler = new TransactionPooler(server, target);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pooler;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)));
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(socket: Socket): Promise<void> {
    this.sockets.push(socket);
    const backends = [await this.connect(), await this.connect()];
    let turn = 0;
    for (const backend of backends) {
      backend.socket.on('data', (data: Buffer) => socket.write(data));
      onReady(backend.socket, (status) => {
        if (status === IDLE) turn = 1 - turn;
      });
    }
    // The startup message; TypeORM's driver speaks without TLS here.
    socket.once('data', () => {
      socket.write(GREETING);
      socket.on('data', (data: Buffer) => backends[turn]!.socket.write(data));
    });
    socket.on('error', () => undefined).resume();
  }

  private async connect(): Promise<Backend> {
    const client = new Client({ connectionString: this.target });
    this.clients.push(client);
    await client.connect();
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    stream.removeAllListeners('data');
    return { client, socket: stream };
  }
}
