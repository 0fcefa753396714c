import type { Condition } from './class-metadata.js';

/** Condition of a field that may be null. */
export const unlessNull: Condition = (_object, value) => value !== null;

/** Condition of a field that may not be null although its base class says so. */
export const evenIfNull: Condition = () => true;
