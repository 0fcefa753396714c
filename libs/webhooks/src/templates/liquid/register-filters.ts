import type * as LiquidModule from 'liquidjs';
import { textOf } from '../leaf.js';
import { encodeUrlPart } from '../url-encoding.js';
import { FilterLimitError, isNothing, numberOf } from './filter.js';
import { FILTERS } from './filters.js';
import { nullSegment } from '../url-null.js';

/** Beyond this no template can count within its limits anyway. */
const FURTHEST_BOUND = 1_000_000;

/** Puts our filters in the place of the engine's own. Those that begin with `_` are written by the translator only. */
export function registerFilters(liquid: LiquidModule.Liquid, plain: (value: unknown) => unknown): void {
  for (const name of Object.keys(liquid.filters)) liquid.unregisterFilter(name);
  for (const [name, filter] of FILTERS) {
    liquid.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      return filter.run(this.context.memoryLimit, plain(value), ...args.map(plain));
    });
  }
  liquid.registerFilter('_bound', (value: unknown) => bound(value));
  liquid.registerFilter('_url', (value: unknown) => encodeUrlPart(textOf(plain(value))));
  liquid.registerFilter('_segment', (value: unknown) => segment(plain(value)));
}

function bound(value: unknown): number {
  const number = Math.trunc(numberOf(value));
  if (Math.abs(number) <= FURTHEST_BOUND) return number;
  throw new FilterLimitError('A range begins or ends too far away');
}

function segment(value: unknown): string {
  if (isNothing(value)) throw nullSegment();
  return encodeUrlPart(textOf(value));
}
