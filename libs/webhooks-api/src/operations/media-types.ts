import { MediaTypeError } from '../problems/media-type-error.js';
import type { ApiRequest } from './api-call.js';

/** A JSON merge-patch (RFC 7396). */
export const MERGE_PATCH = 'application/merge-patch+json';
/** What bodies are if nothing else is said. */
export const JSON_ONLY: readonly string[] = ['application/json'];

/** @throws MediaTypeError when there is a body, and it is none of these */
export function checkMediaType({ headers }: ApiRequest, types: readonly string[]): void {
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  if (!hasBody) return;
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  if (!types.includes(type.trim().toLowerCase())) throw new MediaTypeError(types);
}
