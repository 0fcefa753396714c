/** Addresses that are not for ordinary hosts, and who says so. */
export interface SpecialPurposeBlock {
  /** In CIDR notation. */
  readonly block: string;
  readonly name: string;
  /** The RFC, or the vendor's documentation, that gave the block its purpose. */
  readonly reference: string;
  /** The registry that lists it. */
  readonly registry: string;
  /** Day on which the registry was read. */
  readonly asOf: string;
}

/** Day on which the registries of IANA were last read into the tables. */
export const REGISTRIES_READ_ON = '2026-07-18';

/** Makes the rows of one registry. */
export function rowsOf(
  registry: string,
  rows: readonly (readonly [block: string, name: string, reference: string])[],
): readonly SpecialPurposeBlock[] {
  return rows.map(([block, name, reference]) => ({
    block,
    name,
    reference,
    registry,
    asOf: REGISTRIES_READ_ON,
  }));
}
