import { isLiteralTarget } from './literal-target.js';

describe('isLiteralTarget', () => {
  it.each([
    { url: 'https://example.com/orders' },
    { url: 'https://example.com', header: { authorization: 'Basic eA==' }, json_body: { id: '{{agw_id}}' } },
    { url: 'https://example.com', header: null },
  ])('needs nothing of the event for %j', (request) => {
    expect(isLiteralTarget(request)).toBe(true);
    expect(isLiteralTarget(request)).toBe(true);
  });

  it.each([
    { url: 'https://example.com/orders/{{agw_id}}' },
    { url: 'https://example.com', header: { 'x-order': '{{ agw_id }}' } },
    { url: 'https://example.com/{% if pnr %}x{% endif %}' },
  ])('reads the event for %j', (request) => {
    expect(isLiteralTarget(request)).toBe(false);
  });
});
