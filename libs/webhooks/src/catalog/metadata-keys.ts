/** Where `@WebhookEvent` leaves its note: on the class. */
export const EVENT_METADATA = 'nestjs-webhooks:event';

/** Where `@WebhookField` leaves its notes: on the class that declares the fields, a map from field name to options. */
export const FIELDS_METADATA = 'nestjs-webhooks:fields';
