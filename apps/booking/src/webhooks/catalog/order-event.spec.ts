import { readFile } from 'node:fs/promises';
import { EventCatalog } from 'nestjs-webhooks';
import { OrderCanceled } from './order-canceled.js';
import { OrderCreated } from './order-created.js';
import { OrderTicketed } from './order-ticketed.js';

const FIXTURES = new URL('../../../../../test/fixtures/templates.json', import.meta.url);
const ENVELOPE = ['event_id', 'event_type', 'occurred_at', 'sequence', 'catalog_version'];

function without(data: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
}

describe('order events', () => {
  const catalog = new EventCatalog();
  catalog.register([OrderCreated, OrderTicketed, OrderCanceled]);

  it('shows the documented example as the sample of OrderTicketed', async () => {
    const [first] = JSON.parse(await readFile(FIXTURES, 'utf8'));
    const ancillaries = ['services', 'seats'];
    expect(
      without(catalog.get('OrderTicketed').sample, [...ENVELOPE, ...ancillaries, 'tickets', 'reissue']),
    ).toEqual(without(first.data, [...ENVELOPE, ...ancillaries]));
  });

  it.each([
    { name: 'OrderCreated', alias: 'order.created', status: 'ticketing' },
    { name: 'OrderTicketed', alias: 'order.ticketed', status: 'ticketed' },
    { name: 'OrderCanceled', alias: 'order.canceled', status: 'cancelled' },
  ])('knows $name as $alias too, with the status it leads to', ({ name, alias, status }) => {
    expect(catalog.get(alias).name).toBe(name);
    expect(catalog.get(name).sample['order_status']).toBe(status);
  });

  it('describes every field to subscribers', () => {
    const fields = catalog.all().flatMap((type) => type.fields);
    expect(fields.filter(({ description }) => description === '')).toEqual([]);
  });

  it('starts every order event with the 26 documented fields, in their order', () => {
    const own = catalog.all().map((type) => type.fields.slice(0, 27).map(({ name }) => name));
    const [first] = own;
    expect(own).toEqual([first, first, first]);
    expect(first?.join(' ')).toBe(
      'agw_id order_id pnr record_locator booking_type origin destination full_path adults_pax children_pax ' +
        'infants_pax order_status total_amount created_on updated_on session_id agent_email consumer_email psg_phone ' +
        'psg_email consumer_iata_code consumer_country_code consumer provider agent agency currency',
    );
  });

  it('lets templates use the camel-case spellings of the later documentation', () => {
    const { fields } = catalog.get('OrderTicketed');
    const aliases = Object.fromEntries(
      fields.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])),
    );
    expect(aliases).toMatchObject({
      ...{ agwID: 'agw_id', orderID: 'order_id', fullPath: 'full_path', totalAmount: 'total_amount' },
      ...{ recordLocator: 'record_locator', orderStatus: 'order_status', sessionID: 'session_id' },
    });
  });
});
