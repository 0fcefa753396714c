import type { EventType } from '../../catalog/event-type.js';
import { TemplateError } from '../../errors/template-error.js';
import type { SecretValues } from '../../templates/rendering.js';
import type { RequestFit } from './request-fit.js';

/** A request and the event type it is compiled for. */
export interface Trial {
  readonly eventType: EventType;
  readonly fit: RequestFit;
}

/** Milliseconds after which no further event type is tried: saving must not hold up the process. */
const TIME_FOR_ALL = 250;

/**
 * Renders each request with its event type's sample and the subscription's secrets, before anything is saved.
 *
 * Whatever fails is refused: too long, too slow, a value that no header can carry (also one of a secret), a filter that
 * fails. The sample is an event that may come, so the template would fail for events like it, each time and for good. Only
 * null in a path of the URL is let through: a sample shows null where no example was given, and events have a value there.
 *
 * @throws TemplateError as the rendering has it, naming the event type
 */
export function tryOut(trials: readonly Trial[], secrets: SecretValues): void {
  const end = performance.now() + TIME_FOR_ALL;
  for (const { eventType, fit } of trials) {
    if (performance.now() > end) return;
    attempt(eventType, () => fit.template.renderTarget(eventType.sample, { secrets }));
    attempt(eventType, () => fit.renderBody(eventType.sample, { secrets }));
  }
}

function attempt({ name }: EventType, render: () => unknown): void {
  try {
    render();
  } catch (error) {
    if (error instanceof TemplateError && error.code === 'URL_NULL_SEGMENT') return;
    if (error instanceof TemplateError) error.message += ` (tried with the sample of ${name})`;
    throw error;
  }
}
