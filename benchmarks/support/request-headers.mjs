/** The headers of a webhook: those of Standard Webhooks, and what the subscription asks for. */
export function requestHeaders(id) {
  return {
    'user-agent': 'raw',
    'content-type': 'application/json',
    authorization: 'Basic YourPassword',
    'webhook-id': id,
    'webhook-timestamp': '1700000000',
    'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
    'webhook-attempt': '1',
  };
}
