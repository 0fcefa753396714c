import ipaddr from 'ipaddr.js';
import { isPublic, isWithin, parseAddress } from './public-address.js';

const PRIVATE_SUFFIXES = ['local', 'internal', 'lan', 'localhost', 'home.arpa'];
const HOST_NAME = /^(?=.*[a-z])[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/;

/** Lower case, without brackets and the dot of the root. */
function normalize(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function privateNameReason(name: string): string | null {
  if (!name.includes('.')) return `"${name}" is a single-label name`;
  const suffix = PRIVATE_SUFFIXES.find((ending) => name.endsWith(`.${ending}`));
  return suffix === undefined ? null : `names below ".${suffix}" are not public`;
}

/**
 * Decides where webhooks may go: to the public internet, and to what the host lists. `allow` holds addresses, CIDR
 * ranges and host names; a listed name may resolve to any address, a listed range covers the names that lead there
 * only when their form is public (or `localhost`).
 *
 * @example
 * new EgressGuard(['127.0.0.0/8', 'billing.internal']).checkUrl('http://10.0.0.1/'); // '10.0.0.1 is not public'
 */
export class EgressGuard {
  readonly #ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  readonly #names = new Set<string>();

  /** @throws TypeError for an entry that is neither an address, nor a CIDR range, nor a host name. */
  constructor(allow: readonly string[] = []) {
    for (const entry of allow) this.#add(entry);
  }

  #add(entry: string): void {
    const text = normalize(entry.trim());
    const address = parseAddress(text);
    if (address !== null) this.#ranges.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    else if (ipaddr.isValidCIDR(text)) this.#ranges.push(ipaddr.parseCIDR(text));
    else if (HOST_NAME.test(text)) this.#names.add(text);
    else throw new TypeError(`allow: "${entry}" is neither an address, nor a CIDR range, nor a host name`);
  }

  /**
   * The early check, for a URL that somebody wants to save: scheme, user-info, literal address, form of the name.
   * Returns why it is refused, or null. Names are not resolved: what binds is the check at connect time.
   */
  checkUrl(url: string | URL): string | null {
    const parsed = typeof url === 'string' ? tryParse(url) : url;
    if (parsed === null) return 'it is not a valid URL';
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
      return `the scheme "${parsed.protocol.slice(0, -1)}" is neither http nor https`;
    }
    if (parsed.username !== '' || parsed.password !== '')
      return 'user name and password do not belong in a URL';
    return this.checkHost(parsed.hostname);
  }

  /** Judges a literal address, or the form of a name. Returns why it is refused, or null. */
  checkHost(hostname: string): string | null {
    const host = normalize(hostname);
    if (this.#names.has(host)) return null;
    if (parseAddress(host) !== null) return this.allowsAddress(host) ? null : `${host} is not public`;
    if (host === 'localhost' && this.#allowsLoopback()) return null;
    return privateNameReason(host);
  }

  /** Whether a connection to this address may be used: it is public, or the host allows it. */
  allowsAddress(address: string): boolean {
    const parsed = parseAddress(address);
    return parsed !== null && (isPublic(parsed) || isWithin(parsed, this.#ranges));
  }

  /** Whether the host vouches for this name, wherever it leads. */
  vouchesFor(hostname: string): boolean {
    return this.#names.has(normalize(hostname));
  }

  #allowsLoopback(): boolean {
    return this.allowsAddress('127.0.0.1') || this.allowsAddress('::1');
  }
}

function tryParse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
