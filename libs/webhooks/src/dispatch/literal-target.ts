import type { HttpRequest } from '../subscriptions/subscription.js';

const known = new WeakMap<HttpRequest, boolean>();

function isLiteral(value: unknown): boolean {
  return typeof value !== 'string' || !value.includes('{');
}

/**
 * Whether url and header of a template are the same for every event: any brace in them may open a placeholder.
 * To parse an event of 2 kB costs as much as to send it, and with the standard body nothing else reads it.
 */
export function isLiteralTarget(request: HttpRequest): boolean {
  const found = known.get(request);
  if (found !== undefined) return found;
  const { url, header } = request;
  const literal = isLiteral(url) && Object.values(header ?? {}).every(isLiteral);
  known.set(request, literal);
  return literal;
}
