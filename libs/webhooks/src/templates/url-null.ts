import { TemplateError } from '../errors/template-error.js';

/** Says that a part of a URL's path would vanish. */
export function nullSegment(): TemplateError {
  const problem = 'A placeholder in the path has no value, so the request would go to another address.';
  return new TemplateError('URL_NULL_SEGMENT', 'url', problem);
}
