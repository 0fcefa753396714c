import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

const cidrs = (...texts: readonly string[]): Range[] => texts.map((text) => ipaddr.parseCIDR(text));

/** The IANA special-purpose registry, multicast, and the address of Azure's host agent. */
const SPECIAL_V4 = cidrs(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);
const GLOBAL_V6 = cidrs('2000::/3');
const SPECIAL_V6 = cidrs('2001::/23', '2001:db8::/32', '3fff::/20');

/** Where an IPv6 address carries an IPv4 address, and at which byte. */
const EMBEDDING: readonly (readonly [Range, number])[] = [
  [ipaddr.parseCIDR('::ffff:0:0/96'), 12],
  [ipaddr.parseCIDR('64:ff9b::/96'), 12],
  [ipaddr.parseCIDR('2002::/16'), 2],
];

/** Whether the address lies in one of the ranges of its own family. */
export function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly Range[]): boolean {
  return ranges.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

/**
 * The address that decides: the IPv4 address inside an IPv4-mapped, NAT64 or 6to4 one, otherwise the address itself.
 * Null for text that is no address.
 */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // isValid alone also takes '10.1' and '0x7f.1', which no socket ever reports.
  const valid = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  if (!valid) return null;
  const address = ipaddr.parse(text);
  const embedding = EMBEDDING.find(([range]) => isWithin(address, [range]));
  if (embedding === undefined) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(embedding[1], embedding[1] + 4));
}

/**
 * Whether an address belongs to the public internet. IPv4: outside the special-purpose registry. IPv6: inside
 * 2000::/3 without its special blocks.
 */
export function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4') return !isWithin(address, SPECIAL_V4);
  return isWithin(address, GLOBAL_V6) && !isWithin(address, SPECIAL_V6);
}
