/** A name that is refused together with all names below it, and who says that it is not a public one. */
export interface SpecialUseName {
  readonly name: string;
  readonly reference: string;
}

const rows = (...texts: readonly (readonly [string, string])[]): readonly SpecialUseName[] =>
  texts.map(([name, reference]) => ({ name, reference }));

/**
 * Refused before anybody is asked for their address: from IANA's Special-Use Domain Names, read on 2026-07-18, those that
 * do not belong to the public DNS by their own RFC; and names that private networks use. All zones of the registry
 * below `arpa` are covered by it. Left out on purpose: `test`, `example` and `example.com`, `.net`, `.org`, of which
 * RFC 6761 asks that applications treat them like any other name; their addresses are judged like any other's.
 */
export const SPECIAL_USE_NAMES: readonly SpecialUseName[] = rows(
  ['alt', 'RFC 9476'],
  ['invalid', 'RFC 6761'],
  ['local', 'RFC 6762'],
  ['localhost', 'RFC 6761'],
  ['onion', 'RFC 7686'],
  ['home.arpa', 'RFC 8375'],
  ['arpa', 'RFC 3172'],
  ['internal', 'ICANN resolution 2024.07.29.06'],
  ['intranet', 'RFC 6762, appendix G'],
  ['private', 'RFC 6762, appendix G'],
  ['corp', 'RFC 6762, appendix G'],
  ['home', 'RFC 6762, appendix G'],
  ['lan', 'RFC 6762, appendix G'],
  ['localdomain', 'hosts files'],
);
