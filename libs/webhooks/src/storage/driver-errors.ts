const UNIQUE_VIOLATION = ['23505', 'SQLITE_CONSTRAINT_UNIQUE'];
// Unknown; known already; "cached plan must not change result type".
const PREPARED_STATEMENT_LOST = ['26000', '42P05', '0A000'];
/**
 * What a row can be to blame for. PostgreSQL: by class (data exception, constraint, view check, limit exceeded, raised by a
 * trigger); SQLite: by the first words of the code.
 */
const OF_CONTENT = /^(?:22|23|44|54|P0)|^SQLITE_(?:CONSTRAINT|TOOBIG|MISMATCH)/;
const DEADLOCK = ['40P01', '40001'];
const TRANSACTION_ABORTED = '25P02';

function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  return code ?? driverError?.code;
}

/** A unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.some((code) => code === codeOf(error));
}

/** The server does not have the prepared statement that this connection believes it has, or cannot use it any more. */
export function losesPreparedStatements(error: unknown): boolean {
  return PREPARED_STATEMENT_LOST.some((code) => code === codeOf(error));
}

/** The database refused what was to be written, and would refuse it again; not that it is away, full or busy. */
export function isContentRefusal(error: unknown): boolean {
  return OF_CONTENT.test(String(codeOf(error)));
}

/** The database gave this transaction up so that another one could go on: run it again. */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCK.some((code) => code === codeOf(error));
}

/** A statement failed earlier in this transaction, and the server takes nothing but its end: COMMIT will roll it back. */
export function isTransactionAborted(error: unknown): boolean {
  return codeOf(error) === TRANSACTION_ABORTED;
}
