import { TemplateError } from '../errors/template-error.js';
import type { EventData } from './leaf.js';
import { SECRETS } from './known-secrets.js';

/** The values of a subscription's secrets, by name. */
export type SecretValues = Readonly<Record<string, string>>;

/** Characters of JSON that an event may have for templates with filters or tags. */
const DATA_LIMIT = 262_144;

/** What one rendering reads. Nothing here is ever written by a template. */
export class Rendering {
  /** Where the template is that runs right now, for what interrupts it. */
  path = 'http_request';
  private copy: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly data: EventData,
    readonly secrets: SecretValues,
  ) {}

  /**
   * The event for the engine: a copy as JSON carries it, because the engine calls the functions and getters it
   * meets, and no template may reach what others read.
   *
   * @throws TemplateError TEMPLATE_RENDER_LIMIT
   */
  get environment(): Readonly<Record<string, unknown>> {
    return (this.copy ??= this.copied());
  }

  private copied(): Record<string, unknown> {
    const json = JSON.stringify(this.data);
    if (json.length > DATA_LIMIT) {
      const problem = `The event is larger than ${DATA_LIMIT} characters: no filters and tags can be applied to it.`;
      throw new TemplateError('TEMPLATE_RENDER_LIMIT', this.path, problem);
    }
    return { ...(JSON.parse(json) as object), [SECRETS]: this.secrets };
  }
}
