import type { Socket } from 'node:net';
import { TransportFault } from './transport-fault.js';

const MAX_HEAD_BYTES = 16_384;
const HEAD_END = '\r\n\r\n';
const HEAD = /^HTTP\/1\.[01] (\d{3})(?: |\r\n)[^]*?\r\n/;

/** The status of a complete head; 0 while it is incomplete. */
function statusOf(head: string): number {
  const end = head.indexOf(HEAD_END);
  if (end === -1 && head.length < MAX_HEAD_BYTES) return 0;
  const status = Number(HEAD.exec(head)?.[1]);
  // Nobody speaks through a tunnel before the client does.
  const spoken = isTunnel(status) && end + HEAD_END.length < head.length;
  if (status >= 100 && !spoken) return status;
  throw new TransportFault('PROXY_ERROR', 'the proxy did not answer CONNECT by HTTP');
}

/** Whether a proxy that answers so has made the tunnel. */
export function isTunnel(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * Waits for a proxy's answer to CONNECT and gives its status; afterwards the socket is the tunnel.
 * @throws TransportFault PROXY_ERROR when the answer is not one, or never comes
 */
export function readTunnelAnswer(socket: Socket): Promise<number> {
  let head = '';
  return new Promise<number>((resolve, reject) => {
    const closed = (cause?: Error): void => {
      reject(new TransportFault('PROXY_ERROR', 'the proxy closed the connection', { cause }));
    };
    const read = (): void => {
      for (
        let chunk = socket.read() as Buffer | null;
        chunk !== null;
        chunk = socket.read() as Buffer | null
      ) {
        head += chunk.toString('latin1');
      }
      try {
        const status = statusOf(head);
        if (status !== 0) finish(() => resolve(status));
      } catch (fault) {
        finish(() => reject(fault as Error));
      }
    };
    const finish = (act: () => void): void => {
      socket.off('readable', read).off('end', closed).off('error', closed).off('close', closed);
      act();
    };
    socket.on('readable', read).on('end', closed).on('error', closed).on('close', closed);
  });
}
