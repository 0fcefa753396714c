import type { ColumnOptions } from 'typeorm';

/**
 * Columns that PostgreSQL and SQLite read back alike: `bigint` comes back as a string from the one and as a number
 * from the other, and SQLite has no type for an instant.
 */
export const minorUnits = {
  type: 'bigint',
  transformer: { to: (minor: number) => minor, from: (stored: string | number) => Number(stored) },
} as const satisfies ColumnOptions;

/** An instant, kept as ISO 8601 text in UTC: sorts as it should and needs no session time zone. */
export const instant = {
  type: 'text',
  transformer: {
    to: (value: Date | null) => value && value.toISOString(),
    from: (stored: string | null) => stored && new Date(stored),
  },
} as const satisfies ColumnOptions;
