import type { RequestSource } from './request-fit.js';

/** What a body is written from, as one text: where it is the same, the bodies for an event are. */
export function bodyKey({ httpRequest, fields }: Pick<RequestSource, 'httpRequest' | 'fields'>): string {
  const { json_body, form_body, raw_body } = httpRequest;
  return JSON.stringify({ json_body, form_body, raw_body, fields });
}
