import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { EgressGuard } from './egress-guard.js';
import { TransportFault } from './transport-fault.js';

/** Asks for all addresses of a name; `node:dns` in production. */
export type ResolveAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a pinned look-up needs. */
export interface PinnedLookupOptions {
  readonly guard: EgressGuard;
  /** Milliseconds until a name without an answer is given up. */
  readonly timeoutMs: number;
  readonly resolve?: ResolveAll | undefined;
}

function judge(
  hostname: string,
  addresses: LookupAddress[],
  guard: EgressGuard,
): LookupAddress[] | TransportFault {
  if (addresses.length === 0) return new TransportFault('DNS_ERROR', `${hostname} has no address`);
  if (guard.vouchesFor(hostname)) return addresses;
  const allowed = addresses.filter(({ address }) => guard.allowsAddress(address));
  // localhost is ::1 and 127.0.0.1 at once; who allows one of them means the name. Elsewhere one bad answer taints all.
  const enough = hostname === 'localhost' ? allowed.length > 0 : allowed.length === addresses.length;
  if (enough) return allowed;
  const refused = addresses.find(({ address }) => !guard.allowsAddress(address));
  return new TransportFault(
    'TARGET_BLOCKED',
    `${hostname} resolves to ${refused?.address}, which is not public`,
  );
}

/**
 * A look-up that hands out judged addresses only, so that the socket connects to what was judged: a second look-up
 * could answer otherwise (DNS rebinding).
 */
export function pinnedLookup({
  guard,
  timeoutMs,
  resolve = systemLookup,
}: PinnedLookupOptions): LookupFunction {
  return (hostname, options, callback) => {
    let open = true;
    const fail = (error: Error): void => callback(error, []);
    const timer = setTimeout(() => {
      open = false;
      fail(new TransportFault('DNS_ERROR', `no answer for ${hostname} within ${timeoutMs} ms`));
    }, timeoutMs);

    resolve(
      hostname,
      { family: options.family ?? 0, hints: options.hints ?? 0, all: true },
      (error, addresses) => {
        if (!open) return;
        clearTimeout(timer);
        if (error !== null) return fail(error);
        const judged = judge(hostname, addresses, guard);
        if (judged instanceof TransportFault) return fail(judged);
        if (options.all === true) callback(null, judged);
        else callback(null, judged[0]!.address, judged[0]!.family);
      },
    );
  };
}
