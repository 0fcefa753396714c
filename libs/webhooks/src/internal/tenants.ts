/** The tenant of everything in an application that has no tenants. */
export const DEFAULT_TENANT = 'default';

/** Publishes an event for the subscriptions of every tenant. No subscription can have it. */
export const ALL_TENANTS = '*';
