import { WebhooksError } from './webhooks-error.js';

/** Every reason why what a subscription reads of an event is refused when saved, or cannot be had at send time. */
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
  | 'HEADER_VALUE_INVALID'
  | 'FILTER_TYPE_MISMATCH';

/**
 * A request template, `fields` or a filter that cannot be accepted, or a template that cannot be rendered for an event.
 * A render error is permanent: the same template and event fail again. The message never contains a value of the event.
 */
export class TemplateError extends WebhooksError {
  readonly code: TemplateErrorCode;
  /** Where: `url`, `header.X-Foo`, `json_body.items[0].name`, `fields[1]`, `filter.total.$gt`. */
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
