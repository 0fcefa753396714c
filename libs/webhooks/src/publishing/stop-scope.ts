/** Whose deliveries an operator stops; nothing given: everybody's. */
export interface StopScope {
  readonly tenant?: string;
  /** Id of one subscription. */
  readonly subscription?: string;
}

/** The scope as it is stored. */
export function scopeText({ tenant, subscription }: StopScope): string {
  if (subscription !== undefined) return `subscription:${subscription}`;
  return tenant === undefined ? '*' : `tenant:${tenant}`;
}
