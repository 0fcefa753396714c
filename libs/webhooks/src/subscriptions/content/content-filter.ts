/** What an event's value is compared with. */
export type FilterValue = string | number | boolean | null;

/** Conditions on one field; all of them must hold. */
export interface FilterOperators {
  readonly $eq?: FilterValue;
  readonly $ne?: FilterValue;
  readonly $gt?: string | number;
  readonly $gte?: string | number;
  readonly $lt?: string | number;
  readonly $lte?: string | number;
  readonly $in?: readonly FilterValue[];
  readonly $nin?: readonly FilterValue[];
  readonly $exists?: boolean;
  readonly $startsWith?: string;
  readonly $endsWith?: string;
  readonly $contains?: string;
  readonly $not?: FilterOperators;
}

/**
 * Which events a subscription gets, by their content: dotted paths and what must be true of them; all must hold.
 *
 * @example
 * { total_amount: { $gt: 500 }, provider: { $in: ['IB', 'BA'] }, $or: [{ pnr: null }, { 'segments.origin': 'MAD' }] }
 */
export interface ContentFilter {
  readonly $and?: readonly ContentFilter[];
  readonly $or?: readonly ContentFilter[];
  readonly $not?: ContentFilter;
  readonly [path: string]:
    FilterValue | FilterOperators | ContentFilter | readonly ContentFilter[] | undefined;
}

/** Whether an event passes. */
export type Accepts = (data: Readonly<Record<string, unknown>>) => boolean;
