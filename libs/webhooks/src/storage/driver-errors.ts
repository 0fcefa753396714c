const UNIQUE_VIOLATION = ['23505', 'SQLITE_CONSTRAINT_UNIQUE'];
// Unknown; known already; "cached plan must not change result type".
const PREPARED_STATEMENT_LOST = ['26000', '42P05', '0A000'];
const DEADLOCK = ['40P01', '40001'];

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

/** The database gave this transaction up so that another one could go on: run it again. */
export function isDeadlock(error: unknown): boolean {
  return DEADLOCK.some((code) => code === codeOf(error));
}
