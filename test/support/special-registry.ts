import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A row of one of IANA's special-purpose registries. */
export interface RegistryRow {
  readonly block: string;
  readonly first: bigint;
  readonly length: number;
  readonly bits: 32 | 128;
}

// Independent of the library on purpose: arithmetic on text, no parser of addresses in common.
function valueOf(address: string): Omit<RegistryRow, 'block' | 'length'> & { first: bigint } {
  if (!address.includes(':')) {
    return { first: address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
  }
  const [head = '', tail] = address.split('::') as [string, string?];
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const zeros = Array<string>(tail === undefined ? 0 : 8 - left.length - right.length).fill('0');
  const all = [...left, ...zeros, ...right];
  return { first: all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n), bits: 128 };
}

function rowsOf(file: string): RegistryRow[] {
  const text = readFileSync(fileURLToPath(new URL(`../fixtures/iana/${file}`, import.meta.url)), 'utf8');
  return text.split('\n').flatMap((line) => {
    const blocks = line.match(/^"?((?:[\da-f:.]+\/\d+(?:, )?)+)/)?.[1]?.split(', ') ?? [];
    return blocks.map((block) => {
      const [address = '', length = ''] = block.split('/');
      return { block, length: Number(length), ...valueOf(address) };
    });
  });
}

/** The rows of both registries. */
export const REGISTRY_ROWS: readonly RegistryRow[] = [
  ...rowsOf('ipv4-special-registry.csv'),
  ...rowsOf('ipv6-special-registry.csv'),
];

/** The row for the smallest block that holds the address; undefined where none does. */
export function registryRowOf(address: string): RegistryRow | undefined {
  const { first, bits } = valueOf(address);
  const holding = REGISTRY_ROWS.filter(
    (row) =>
      row.bits === bits && first >> BigInt(bits - row.length) === row.first >> BigInt(bits - row.length),
  );
  return holding.sort((one, other) => other.length - one.length)[0];
}

/** Whether the address lies in 2000::/3, IPv6's global unicast. */
export function isGlobalUnicast(address: string): boolean {
  const { first, bits } = valueOf(address);
  return bits === 128 && first >> 125n === 1n;
}
