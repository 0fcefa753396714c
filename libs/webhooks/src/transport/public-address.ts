import ipaddr from 'ipaddr.js';
import { IPV4_SPECIAL_PURPOSE } from './ipv4-special-purpose.js';
import { IPV6_SPECIAL_PURPOSE } from './ipv6-special-purpose.js';
import { METADATA_SERVICES } from './metadata-services.js';
import type { SpecialPurposeBlock } from './special-purpose-block.js';

/** An address as the parser gives it. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** A network and the length of its prefix. */
export type AddressRange = readonly [network: Address, bits: number];

type Row = SpecialPurposeBlock & { readonly range: AddressRange };

const parsed = (rows: readonly SpecialPurposeBlock[]): readonly Row[] =>
  rows.map((row) => ({ ...row, range: ipaddr.parseCIDR(row.block) }));

const METADATA = parsed(METADATA_SERVICES);
const SPECIAL_V4 = [...parsed(IPV4_SPECIAL_PURPOSE), ...METADATA];
const SPECIAL_V6 = parsed(IPV6_SPECIAL_PURPOSE);
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');
const MAPPED = ipaddr.parseCIDR('::ffff:0:0/96');
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');
const SIX_TO_FOUR = ipaddr.parseCIDR('2002::/16');

/** Whether the address lies in the range; one of the other family never does. */
export function isWithin(address: Address, [network, bits]: AddressRange): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

function ipv4At(address: Address, offset: number): Address {
  return ipaddr.fromByteArray(address.toByteArray().slice(offset, offset + 4));
}

/** RFC 5214: interface identifiers `0:5efe` and `200:5efe` are followed by an IPv4 address. */
function isIsatap(address: Address): boolean {
  const [first = 0, ...rest] = address.toByteArray().slice(8, 12);
  return (first & 0xfd) === 0 && rest.join() === '0,94,254';
}

/**
 * Reads an address in the forms that sockets and resolvers report; an IPv4-mapped one is the IPv4 address inside, because
 * that is where its packets go. Null for everything else: legacy IPv4 forms, zone ids.
 */
export function parseAddress(text: string): Address | null {
  const valid =
    ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'));
  if (!valid) return null;
  const address = ipaddr.parse(text);
  return isWithin(address, MAPPED) ? ipv4At(address, 12) : address;
}

/** The address, and the IPv4 address that a translator or tunnel would make of it. */
export function formsOf(address: Address): readonly Address[] {
  if (address.kind() === 'ipv4') return [address];
  if (isWithin(address, SIX_TO_FOUR)) return [address, ipv4At(address, 2)];
  return isWithin(address, NAT64) || isIsatap(address) ? [address, ipv4At(address, 12)] : [address];
}

/** The row for the smallest block that holds the address, in words; null where there is none. */
function rowFor(address: Address, rows: readonly Row[]): string | null {
  const found = rows.filter(({ range }) => isWithin(address, range));
  const [row] = found.sort((one, other) => other.range[1] - one.range[1]);
  return row === undefined ? null : `${row.name} (${row.reference})`;
}

/** The metadata service of a cloud that the address leads to, or null. */
export function metadataServiceAt(address: Address): string | null {
  const found = formsOf(address).map((form) => rowFor(form, METADATA));
  return found.find((row) => row !== null) ?? null;
}

/**
 * Why an address does not belong to the public internet, or null. IPv4: it has a row in the special-purpose registry. IPv6:
 * the same, or it lies outside of 2000::/3, or the IPv4 address inside of it is not public.
 */
export function specialPurposeOf(address: Address): string | null {
  if (address.kind() === 'ipv4') return rowFor(address, SPECIAL_V4);
  if (!isWithin(address, NAT64)) {
    const row = rowFor(address, SPECIAL_V6);
    if (row !== null) return row;
    if (!isWithin(address, GLOBAL_V6)) return 'outside of global unicast (RFC 4291)';
  }
  const [, inner] = formsOf(address);
  const purpose = inner === undefined ? null : specialPurposeOf(inner);
  return purpose === null ? null : `it carries ${String(inner)}, ${purpose}`;
}

/**
 * A range in CIDR notation, or a single address; null for anything else, also for the short and octal forms that some
 * parsers take for another network. A range of IPv4-mapped addresses becomes one of IPv4.
 */
export function parseRange(text: string): AddressRange | null {
  const [base = '', length] = text.split('/', 2);
  const address = parseAddress(base);
  if (address === null || length === undefined) return address && [address, widthOf(address)];
  if (!ipaddr.isValidCIDR(text)) return null;
  const [network, bits] = ipaddr.parseCIDR(text);
  return isWithin(network, MAPPED) && bits >= 96 ? [address, bits - 96] : [network, bits];
}

function widthOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}
