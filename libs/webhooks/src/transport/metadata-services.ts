import { rowsOf, type SpecialPurposeBlock } from './special-purpose-block.js';

/**
 * Where clouds hand credentials and the like to whoever asks from inside. Most of them lie in blocks that are refused
 * anyway; they stand here because a host that allows such a block (`fd00::/8`, `169.254.0.0/16`) does not mean them. They
 * are reachable only when listed one by one.
 */
export const METADATA_SERVICES: readonly SpecialPurposeBlock[] = rowsOf('documentation of the vendors', [
  ['169.254.169.254/32', 'metadata service', 'AWS, Azure, Google Cloud, Oracle Cloud, DigitalOcean, Hetzner'],
  ['169.254.169.253/32', 'name server', 'AWS'],
  ['169.254.169.123/32', 'time service', 'AWS'],
  ['169.254.170.2/32', 'credentials of containers', 'AWS'],
  ['169.254.170.23/32', 'credentials of containers', 'AWS'],
  ['169.254.42.42/32', 'metadata service', 'Scaleway'],
  ['169.254.0.23/32', 'metadata service', 'Tencent Cloud'],
  ['168.63.129.16/32', 'host agent', 'Azure'],
  ['100.100.100.200/32', 'metadata service', 'Alibaba Cloud'],
  ['192.0.0.192/32', 'metadata service', 'Oracle Cloud Classic'],
  ['fd00:ec2::254/128', 'metadata service', 'AWS'],
  ['fd00:ec2::253/128', 'name server', 'AWS'],
  ['fd00:ec2::23/128', 'credentials of containers', 'AWS'],
  ['fd20:ce::254/128', 'metadata service', 'Google Cloud'],
  ['fd00:c1::a9fe:a9fe/128', 'metadata service', 'Oracle Cloud'],
  ['fd00:42::42/128', 'metadata service', 'Scaleway'],
]);
