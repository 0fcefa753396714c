import { TemplateError } from '../errors/template-error.js';
import type { RenderedTarget, RequestTemplate } from '../templates/request-template.js';
import type { TimeBudget } from '../templates/time-limit.js';
import { MASK } from './mask.js';

/** Where a request went, as it may be recorded. */
export type ShownTarget = Pick<RenderedTarget, 'url' | 'headers'>;

/** A rendered target with `********` in the place of the template's secrets. */
export function shownTarget(
  template: RequestTemplate,
  data: Parameters<RequestTemplate['renderTarget']>[0],
  { target, budget }: { readonly target: RenderedTarget; readonly budget: TimeBudget },
): ShownTarget {
  if (template.secrets.length === 0) return target;
  try {
    return template.renderTarget(data, { mask: true, budget });
  } catch (error) {
    // What is computed of a secret may be possible with the secret only: a date, a part of a path.
    if (!(error instanceof TemplateError)) throw error;
    const headers = Object.keys(target.headers).map((name) => [name, MASK] as const);
    return { url: template.origin, headers: Object.fromEntries(headers) };
  }
}
