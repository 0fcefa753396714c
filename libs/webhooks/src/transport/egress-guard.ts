import type { EgressOptions } from './egress-options.js';
import type { EgressProxy } from './egress-proxy.js';
import { EgressRules } from './egress-rules.js';

/** Where a request or a connection is to lead; all of it as a URL gives it. */
export interface EgressTarget {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty for the scheme's own. */
  readonly port: string;
}

/** The port that is meant. */
export function portOf({ protocol, port }: EgressTarget): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/**
 * Decides where webhooks may go: to the public internet, and to what the host lists.
 *
 * @example
 * guard.checkUrl('http://10.0.0.1/'); // '10.0.0.1 is not public: Private-Use (RFC 1918)'
 * guard.replace({ allow: ['10.0.0.1'], deny: ['partner.example'] }); // from now on
 */
export class EgressGuard {
  #rules: EgressRules;
  readonly #listeners: (() => void)[] = [];

  /** @throws OptionsInvalidError naming the option that cannot work */
  constructor(options: EgressOptions = {}) {
    this.#rules = new EgressRules(options);
  }

  /**
   * Puts other rules into the place of all present ones, for this process and at once: idle connections are closed, those in
   * use as soon as they are free, and every new one is judged by the new rules.
   *
   * @throws OptionsInvalidError naming the option that cannot work; the old rules then stay
   */
  replace(options: EgressOptions): void {
    this.#rules = new EgressRules(options);
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after every change of the rules. */
  onReplaced(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * The early check, for a URL that somebody wants to save: scheme, user-info, port, literal address, form of the name.
   * Returns why it is refused, or null. Names are not resolved: what binds is the check at connect time.
   */
  checkUrl(url: string | URL): string | null {
    const parsed = typeof url === 'string' ? tryParse(url) : url;
    if (parsed === null) return 'it is not a valid URL';
    if (parsed.username !== '' || parsed.password !== '')
      return 'user name and password do not belong in a URL';
    return this.checkTarget(parsed);
  }

  /** Judges all that is known before a name is resolved. Returns why it is refused, or null. */
  checkTarget(target: EgressTarget): string | null {
    const rules = this.#rules;
    return (
      rules.refuseScheme(target.protocol) ??
      rules.refuseHost(target.hostname) ??
      rules.refusePort(portOf(target))
    );
  }

  /** Judges an address to which `hostname` leads. Returns why it is refused, or null. */
  checkAddress(address: string, hostname: string): string | null {
    return this.#rules.refuseAddress(address, this.#rules.vouchesFor(hostname));
  }

  /**
   * Judges a connection that stands. One that begins and ends at the same address leads to this machine itself, whatever
   * its own firewall keeps from others.
   */
  checkConnection({ local, remote }: { local?: string; remote: string }, hostname: string): string | null {
    const reason = this.checkAddress(remote, hostname);
    if (reason !== null) return reason;
    if (local !== remote || this.#rules.lists(remote) || this.#rules.vouchesFor(hostname)) return null;
    return `${remote} is an address of this machine`;
  }

  /** The host's proxy, or null. */
  get proxy(): EgressProxy | null {
    return this.#rules.proxy;
  }
}

function tryParse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
