/** What an agent or a customer can change of an order, in the order in which a change is carried out. */
export const ORDER_PARTS = ['contact', 'names', 'itinerary', 'price', 'services', 'seats'] as const;

/** One of {@link ORDER_PARTS}. */
export type OrderPart = (typeof ORDER_PARTS)[number];
