import type * as LiquidModule from 'liquidjs';
import { ownValue } from '../own-value.js';
import type { PathKey } from '../plain-path.js';

type ContextClass = new (
  environment: object,
  options: LiquidModule.Liquid['options'],
  renderOptions: LiquidModule.RenderOptions,
  parts: { liquid: LiquidModule.Liquid },
) => LiquidModule.Context;

/**
 * The engine's context, reading as our getters read: own properties of objects and elements of lists. The engine's
 * own one also reads what strings and lists inherit, and calls the functions it finds.
 */
export function plainContextOf({ Context, Drop }: typeof LiquidModule): ContextClass {
  return class PlainContext extends Context {
    override readProperty(holder: unknown, key: unknown): unknown {
      if (holder instanceof Drop) return super.readProperty(holder, key as string) as unknown;
      if (typeof key !== 'string' && typeof key !== 'number') return undefined;
      const isRoot = holder === this.environments || holder === this.globals;
      return isRoot ? ownValue(holder, key) : read(holder, key);
    }
  };
}

function read(holder: unknown, key: PathKey): unknown {
  if (Array.isArray(holder) && typeof key === 'number') return holder.at(key) as unknown;
  const own = ownValue(holder, key);
  return own === undefined ? computed(holder, key) : own;
}

function computed(holder: unknown, key: PathKey): unknown {
  if (key === 'size') return sizeOf(holder);
  if (!Array.isArray(holder)) return undefined;
  if (key === 'first') return holder[0] as unknown;
  return key === 'last' ? (holder.at(-1) as unknown) : undefined;
}

function sizeOf(holder: unknown): number | undefined {
  if (typeof holder === 'string' || Array.isArray(holder)) return holder.length;
  return typeof holder === 'object' && holder !== null ? Object.keys(holder).length : undefined;
}
