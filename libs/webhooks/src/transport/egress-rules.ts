import { OptionsInvalidError } from '../errors/options-invalid-error.js';
import { BAD_PORTS } from './bad-ports.js';
import type { EgressOptions } from './egress-options.js';
import { EgressProxy } from './egress-proxy.js';
import { HostList, normalizeHost } from './host-list.js';
import { metadataServiceAt, parseAddress, specialPurposeOf } from './public-address.js';
import { SPECIAL_USE_NAMES } from './special-use-names.js';

function portsOf(ports: readonly number[] | undefined): ReadonlySet<number> | null {
  if (ports === undefined) return null;
  const wrong = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (ports.length > 0 && wrong === undefined) return new Set(ports);
  throw new OptionsInvalidError('egress.ports', 'must list numbers from 1 to 65535, at least one');
}

function refuseName(host: string): string | null {
  if (host.split('.').includes('')) return `"${host}" is not a host name`;
  if (!host.includes('.')) return `"${host}" is a single-label name`;
  const special = SPECIAL_USE_NAMES.find(({ name }) => host === name || host.endsWith(`.${name}`));
  return special === undefined
    ? null
    : `names below ".${special.name}" are not public (${special.reference})`;
}

/** What the options say, in a form that can be asked. Every answer is why something is refused, or null. */
export class EgressRules {
  readonly #allow: HostList;
  readonly #deny: HostList;
  readonly #ports: ReadonlySet<number> | null;
  readonly #httpsOnly: boolean;
  /** The way out, if it is not the direct one. */
  readonly proxy: EgressProxy | null;

  /** @throws OptionsInvalidError naming the option */
  constructor({ allow = [], deny = [], ports, httpsOnly = false, proxy }: EgressOptions = {}) {
    this.#allow = new HostList('egress.allow', allow);
    this.#deny = new HostList('egress.deny', deny);
    this.#ports = portsOf(ports);
    this.#httpsOnly = httpsOnly;
    this.proxy = proxy === undefined ? null : new EgressProxy(proxy);
  }

  /** @param protocol with its colon, as a URL gives it */
  refuseScheme(protocol: string): string | null {
    if (protocol === 'https:' || (protocol === 'http:' && !this.#httpsOnly)) return null;
    if (protocol === 'http:') return 'only https is allowed';
    return `the scheme "${protocol.slice(0, -1)}" is neither http nor https`;
  }

  refusePort(port: number): string | null {
    const refused = this.#ports === null ? BAD_PORTS.has(port) : !this.#ports.has(port);
    return refused ? `port ${port} is not allowed` : null;
  }

  /** Judges a literal address, or the form of a name. */
  refuseHost(hostname: string): string | null {
    const host = normalizeHost(hostname);
    if (parseAddress(host) !== null) return this.refuseAddress(host, false);
    if (this.#deny.coversName(host)) return `"${host}" is not allowed`;
    if (this.#allow.hasName(host) || (host === 'localhost' && this.#allowsLoopback())) return null;
    return refuseName(host);
  }

  /** @param vouched the host has listed the name that led to this address */
  refuseAddress(text: string, vouched: boolean): string | null {
    const address = parseAddress(text);
    if (address === null) return `${text} is not an address`;
    if (this.#deny.touches(address)) return `${text} is not allowed`;
    const service = metadataServiceAt(address);
    if (service !== null) return this.#allow.names(address) ? null : `${text} is not public: ${service}`;
    if (vouched || this.#allow.holds(address)) return null;
    const purpose = specialPurposeOf(address);
    return purpose === null ? null : `${text} is not public: ${purpose}`;
  }

  /** Whether the host vouches for this name, wherever it leads. */
  vouchesFor(hostname: string): boolean {
    return this.#allow.hasName(normalizeHost(hostname));
  }

  /** Whether the address itself is on the list of the allowed ones. */
  lists(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && this.#allow.holds(address);
  }

  #allowsLoopback(): boolean {
    return this.refuseAddress('127.0.0.1', false) === null || this.refuseAddress('::1', false) === null;
  }
}
