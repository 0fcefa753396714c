/** What goes to receivers: a request of the size that the bars speak of, and the standard body. */
import { documentedEvent, ORDER } from './order-event.mjs';

const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/** How an agency's back office wants to hear of an order: ten values in 500 bytes of a form of its own. */
export const NOTICE = {
  source: 'airgateway',
  action: 'order-ticketed',
  reference: '{{agw_id}}',
  locator: '{{pnr}}',
  agency: { name: '{{agency}}', agent: '{{agent}}', iata: '{{consumer_iata_code}}' },
  total: { amount: '{{total_amount}}', currency: '{{currency}}' },
  itinerary: '{{full_path}}',
  ticketed_on: '{{updated_on}}',
  freeText:
    'Order {{agw_id}} has been ticketed by {{provider}}. Invoice it to the account of {{agency}} and send the itinerary with the receipt to the traveller before departure. Changes are possible until 24 hours before.',
};

/** A template that names every field: what a subscriber with a format of his own would write. */
export const EVERY_FIELD = Object.fromEntries(Object.keys(ORDER).map((name) => [name, `{{${name}}}`]));

/** Fills a template in, as simply as it can be done: a leaf that is a placeholder keeps the type of its value. */
export function fill(template, data) {
  if (typeof template === 'object') {
    return Object.fromEntries(Object.entries(template).map(([name, leaf]) => [name, fill(leaf, data)]));
  }
  const [whole, name] = template.match(/^\{\{(\w+)\}\}$/) ?? [];
  return whole ? data[name] : template.replaceAll(PLACEHOLDER, (_, each) => String(data[each]));
}

/** The notice, about 500 bytes, for clients that only send. */
export function noticeBody(agwId) {
  return JSON.stringify(fill(NOTICE, { ...ORDER, agw_id: agwId }));
}

/** The standard body with the whole event, about 2 kB, as a receiver gets it. */
export function envelopeBody(agwId) {
  const { event_id, occurred_at } = documentedEvent;
  const envelope = { event_id, event_type: 'OrderTicketed', occurred_at, sequence: 1, catalog_version: 1 };
  const data = { ...envelope, ...ORDER, agw_id: agwId };
  return JSON.stringify({ type: 'OrderTicketed', timestamp: occurred_at, data });
}
