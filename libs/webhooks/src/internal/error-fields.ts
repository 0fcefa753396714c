/** What a log line says of an error: its stable code, where it has one, and its words. */
export interface ErrorFields {
  readonly code?: string;
  readonly error: string;
}

/** For the fields of a log line. */
export function errorFields(error: unknown): ErrorFields {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return { ...(typeof code === 'string' && { code }), error: String(error) };
}
