import { readdirSync, readFileSync } from 'node:fs';
import { STATUS_OF } from './status-of.js';

const OWN = new URL('./', import.meta.url);
const CORE = new URL('../../../webhooks/src/errors/', import.meta.url);

/** Codes of errors that no request can cause: they end the boot, belong to `publish`, or are written into a record. */
const NOT_OF_REQUESTS = [
  ...[
    'ACCESS_INVALID',
    'CATALOG_INVALID',
    'DATABASE_UNSUPPORTED',
    'EMBEDDED_DATABASE_FAILED',
    'OPTIONS_INVALID',
  ],
  ...[
    'PUBLISH_INSIDE_FOREIGN_TRANSACTION',
    'PUBLISH_OUTSIDE_TRANSACTION',
    'RECORD_REFUSED',
    'SECRET_KEY_INVALID',
  ],
  ...['SECRET_KEY_MISSING', 'TABLES_MISSING', 'TRANSACTION_ENDED'],
];

function codesIn(folder: URL): string[] {
  const files = readdirSync(folder).filter((name) => /error\.ts$/.test(name));
  return files.flatMap((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return [...text.matchAll(/(?:code = |\| )'([A-Z_]+)'/g)].map(([, code]) => code!);
  });
}

describe('the status of a problem', () => {
  const codes = [...codesIn(CORE), ...codesIn(OWN)];

  it('is decided for every code that there is', () => {
    const decided = [...Object.keys(STATUS_OF), ...NOT_OF_REQUESTS];
    expect(codes.length).toBeGreaterThan(50);
    expect(codes.filter((code) => !decided.includes(code))).toEqual([]);
  });

  it('is decided for no code that there is not', () => {
    expect(Object.keys(STATUS_OF).filter((code) => !codes.includes(code))).toEqual([]);
  });
});
