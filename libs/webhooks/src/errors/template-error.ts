import { WebhooksError } from './webhooks-error.js';

/** Every reason why a request template is refused when parsed, or cannot be rendered. */
export type TemplateErrorCode =
  | 'TEMPLATE_SYNTAX'
  | 'TEMPLATE_UNKNOWN_FIELD'
  | 'TEMPLATE_UNKNOWN_FILTER'
  | 'TEMPLATE_TAG_NOT_ALLOWED'
  | 'TEMPLATE_IN_KEY'
  | 'TEMPLATE_TOO_LARGE'
  | 'TEMPLATE_RENDER_LIMIT'
  | 'TEMPLATE_RENDER_FAILED'
  | 'URL_INVALID'
  | 'URL_PLACEHOLDER_IN_AUTHORITY'
  | 'URL_DOT_SEGMENT'
  | 'URL_NULL_SEGMENT'
  | 'HEADER_NAME_INVALID'
  | 'HEADER_NAME_RESERVED'
  | 'HEADER_VALUE_INVALID';

/**
 * A request template that cannot be accepted, or cannot be rendered for an event. A render error is permanent:
 * the same template and event fail again. The message never contains a value of the event.
 */
export class TemplateError extends WebhooksError {
  readonly code: TemplateErrorCode;
  /** Where in the request: `url`, `header.X-Foo`, `json_body.items[0].name`. */
  readonly path: string;
  /** The nearest name that would have been right, where one is near enough. */
  readonly suggestion?: string;

  constructor(
    code: TemplateErrorCode,
    path: string,
    problem: string,
    options: { suggestion?: string | undefined; cause?: unknown } = {},
  ) {
    const { suggestion, ...rest } = options;
    const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
    super(`${path}: ${problem}${hint}`, rest);
    this.code = code;
    this.path = path;
    if (suggestion !== undefined) this.suggestion = suggestion;
  }
}
