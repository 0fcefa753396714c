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

/** Judged addresses, or why there are none. */
export type LookupOutcome = [error: null, addresses: [LookupAddress, ...LookupAddress[]]] | [Error, null];

function judge(hostname: string, addresses: LookupAddress[], guard: EgressGuard): LookupOutcome {
  const reasons = new Map(addresses.map(({ address }) => [address, guard.checkAddress(address, hostname)]));
  const [first, ...more] = addresses.filter(({ address }) => reasons.get(address) === null);
  // localhost is ::1 and 127.0.0.1 at once; who allows one of them means the name. Elsewhere one bad answer taints all.
  const tainted = hostname !== 'localhost' && more.length + 1 < addresses.length;
  if (first !== undefined && !tainted) return [null, [first, ...more]];
  const reason = [...reasons.values()].find((each) => each !== null);
  if (reason === undefined) return [new TransportFault('DNS_ERROR', `${hostname} has no address`), null];
  return [new TransportFault('TARGET_BLOCKED', `${hostname} resolves to a refused address: ${reason}`), null];
}

/** Asks for all addresses of a name and judges every one of them, within a deadline of its own. */
export function lookUpJudged(
  hostname: string,
  options: LookupOptions,
  { guard, timeoutMs, resolve = systemLookup }: PinnedLookupOptions,
  callback: (...outcome: LookupOutcome) => void,
): void {
  let open = true;
  const finish = (...outcome: LookupOutcome): void => {
    clearTimeout(timer);
    if (open) callback(...outcome);
    open = false;
  };
  const timer = setTimeout(() => {
    finish(new TransportFault('DNS_ERROR', `no answer for ${hostname} within ${timeoutMs} ms`), null);
  }, timeoutMs);

  const asked = { family: options.family ?? 0, hints: options.hints ?? 0, all: true } as const;
  resolve(hostname, asked, (error, addresses) => {
    if (error === null) finish(...judge(hostname, addresses, guard));
    else finish(new TransportFault('DNS_ERROR', error.message, { cause: error }), null);
  });
}

/**
 * A look-up that hands out judged addresses only, so that the socket connects to what was judged: a second look-up
 * could answer otherwise (DNS rebinding).
 */
export function pinnedLookup(settings: PinnedLookupOptions): LookupFunction {
  return (hostname, options, callback) => {
    lookUpJudged(hostname, options, settings, (error, addresses) => {
      if (error !== null) callback(error, []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}
