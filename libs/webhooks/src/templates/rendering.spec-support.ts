import type { EventData } from './leaf.js';
import { Rendering, type SecretValues } from './rendering.js';

/** A rendering of `data`, for specs of what lies below a request. */
export function renderingOf(data: EventData, secrets: SecretValues = {}): Rendering {
  return new Rendering(data, secrets);
}
