/** For how many days things are kept. What is open or held stays, whatever its age. */
export interface RetentionOptions {
  /** Events, with everything that belongs to them. @default 'forever' */
  readonly events?: number | 'forever';
  /** Deliveries and their attempts, since they last changed. @default 30 */
  readonly deliveries?: number | 'forever';
  /** What events hold, and requests and responses made of it; the rest of their rows stays. Not beside `deliveries: 'forever'`. @default 'forever' */
  readonly payloads?: number | 'forever';
}
