import { DATE_FILTER } from './date-filter.js';
import type { Filter } from './filter.js';
import { LIST_FILTERS } from './list-filters.js';
import { NUMBER_FILTERS } from './number-filters.js';
import { TEXT_FILTERS } from './text-filters.js';

/** Every filter a subscriber may use. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...TEXT_FILTERS, ...NUMBER_FILTERS, ...LIST_FILTERS, date: DATE_FILTER }),
);
