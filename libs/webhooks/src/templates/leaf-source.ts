import type { KnownFields } from './known-fields.js';
import type { TemplateToken } from './template-tokens.js';

/** Where a template string stands: in a URL, what it computes has to be encoded. */
export type LeafPlace = 'url' | 'text';

/** A template string on its way to being compiled. */
export interface LeafSource {
  /** As its author wrote it. */
  readonly source: string;
  readonly tokens: readonly TemplateToken[];
  readonly path: string;
  readonly fields: KnownFields;
  readonly place: LeafPlace;
}
