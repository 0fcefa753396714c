import { domainToASCII } from 'node:url';
import { OptionsInvalidError } from '../errors/options-invalid-error.js';
import { type Address, type AddressRange, formsOf, isWithin, parseRange } from './public-address.js';

const HOST_NAME = /^(?=.*[a-z])[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/;

/** Lower case, without brackets and the dots of the root: names that differ in these lead to the same place. */
export function normalizeHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '');
}

/** Addresses, ranges and names of one option. */
export class HostList {
  readonly #ranges: AddressRange[] = [];
  readonly #names = new Set<string>();

  /** @throws OptionsInvalidError for an entry that is neither an address, nor a CIDR range, nor a host name. */
  constructor(option: string, entries: readonly string[]) {
    entries.forEach((entry, index) => this.#add(entry, `${option}[${index}]`));
  }

  #add(entry: unknown, option: string): void {
    const text = typeof entry === 'string' ? normalizeHost(entry.trim()) : '';
    const range = parseRange(text);
    const name = domainToASCII(text);
    if (range !== null) this.#ranges.push(range);
    else if (HOST_NAME.test(name)) this.#names.add(name);
    else
      throw new OptionsInvalidError(
        option,
        `is neither an address, nor a CIDR range, nor a host name: ${entry}`,
      );
  }

  /** Whether the address is listed, by itself or in a range. */
  holds(address: Address): boolean {
    return this.#ranges.some((range) => isWithin(address, range));
  }

  /** Whether the address is listed in any form: also by the IPv4 address that it carries. */
  touches(address: Address): boolean {
    return formsOf(address).some((form) => this.holds(form));
  }

  /** Whether exactly this address is listed. */
  names(address: Address): boolean {
    const text = address.toString();
    return this.#ranges.some(
      ([network, bits]) => network.toString() === text && bits === address.toByteArray().length * 8,
    );
  }

  /** Whether exactly this name is listed. */
  hasName(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether this name, or one that it is below of, is listed. */
  coversName(name: string): boolean {
    return [...this.#names].some((listed) => name === listed || name.endsWith(`.${listed}`));
  }
}
