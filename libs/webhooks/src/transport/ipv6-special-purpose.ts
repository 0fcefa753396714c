import { rowsOf, type SpecialPurposeBlock } from './special-purpose-block.js';

/**
 * IPv6 addresses that webhooks never go to; beside them everything outside of 2000::/3. Two rows of the registry are
 * missing, because what is inside of them decides: ::ffff:0:0/96 (IPv4-mapped, RFC 4291) and 64:ff9b::/96 (NAT64,
 * RFC 6052). 6to4 (2002::/16) is refused as a whole: the registry does not call it reachable, and a relay decides where
 * its packets go.
 */
export const IPV6_SPECIAL_PURPOSE: readonly SpecialPurposeBlock[] = [
  ...rowsOf('IANA IPv6 Special-Purpose Address Registry', [
    ['::1/128', 'Loopback Address', 'RFC 4291'],
    ['::/128', 'Unspecified Address', 'RFC 4291'],
    ['64:ff9b:1::/48', 'IPv4-IPv6 Translation, local use', 'RFC 8215'],
    ['100::/64', 'Discard-Only Address Block', 'RFC 6666'],
    ['100:0:0:1::/64', 'Dummy IPv6 Prefix', 'RFC 9780'],
    ['2001::/23', 'IETF Protocol Assignments', 'RFC 2928'],
    ['2001::/32', 'Teredo', 'RFC 4380'],
    ['2001:1::1/128', 'Port Control Protocol Anycast', 'RFC 7723'],
    ['2001:1::2/128', 'Traversal Using Relays around NAT Anycast', 'RFC 8155'],
    ['2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast', 'RFC 9665'],
    ['2001:2::/48', 'Benchmarking', 'RFC 5180'],
    ['2001:3::/32', 'AMT', 'RFC 7450'],
    ['2001:4:112::/48', 'AS112-v6', 'RFC 7535'],
    ['2001:10::/28', 'Deprecated (previously ORCHID)', 'RFC 4843'],
    ['2001:20::/28', 'ORCHIDv2', 'RFC 7343'],
    ['2001:30::/28', 'Drone Remote ID Protocol Entity Tags', 'RFC 9374'],
    ['2001:db8::/32', 'Documentation', 'RFC 3849'],
    ['2002::/16', '6to4', 'RFC 3056'],
    ['2620:4f:8000::/48', 'Direct Delegation AS112 Service', 'RFC 7534'],
    ['3fff::/20', 'Documentation', 'RFC 9637'],
    ['5f00::/16', 'Segment Routing (SRv6) SIDs', 'RFC 9602'],
    ['fc00::/7', 'Unique-Local', 'RFC 4193'],
    ['fe80::/10', 'Link-Local Unicast', 'RFC 4291'],
  ]),
  ...rowsOf('IANA Internet Protocol Version 6 Address Space', [
    ['fec0::/10', 'Site-Local, deprecated', 'RFC 3879'],
    ['ff00::/8', 'Multicast', 'RFC 4291'],
  ]),
];
