import { TemplateError } from '../errors/template-error.js';
import type { RequestFit } from '../subscriptions/content/request-fit.js';
import { MASK } from '../subscriptions/mask.js';

/** A rendered body with `********` in the place of the template's secrets. */
export function shownBody(
  fit: RequestFit,
  data: Readonly<Record<string, unknown>>,
  body: string | null,
): string | null {
  if (!fit.bodyHasSecrets) return body;
  try {
    return fit.renderBody(data, { mask: true });
  } catch (error) {
    // What is computed of a secret may be possible with the secret only.
    if (error instanceof TemplateError) return MASK;
    throw error;
  }
}
