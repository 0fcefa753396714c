import { TemplateError } from '../errors/template-error.js';

/** The TemplateError that `action` throws; anything else fails the test. */
export function templateErrorOf(action: () => unknown): TemplateError {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('No TemplateError was thrown.');
}
