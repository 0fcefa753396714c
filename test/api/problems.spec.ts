import { WebhooksService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { useApiStage } from './support/api-stage.js';

const SECRET = 'tok_live_1234567890';

describeDatabases('problems', (database) => {
  const stage = useApiStage(database);

  it('say where, what, and what to do, with every issue', async () => {
    const { api } = await stage.api();

    const { status, body, headers } = await api.post('/subscriptions', { event_type: 'x', url: 7 });

    expect(status).toBe(422);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      ...{ type: 'about:blank', title: 'Unprocessable Entity', status: 422, code: 'SUBSCRIPTION_INVALID' },
      ...{ path: 'event_type', detail: expect.stringContaining('Did you mean "event_types"?') },
      issues: [{ path: 'event_type', message: expect.any(String) }],
    });
  });

  it('name a suggestion, and the place inside a template', async () => {
    const { api } = await stage.api();
    const http_request = { url: stage.receiver.url('/'), json_body: { pnr: '{{pnrr}}' } };

    const { body } = await api.post('/subscriptions', { event_types: ['OrderCreated'], http_request });

    expect(body).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body.pnr', suggestion: 'pnr' });
  });

  it.each([
    ['no JSON', { text: `{"secret":"${SECRET}"` }, 400],
    ['no JSON object', { text: '[1]' }, 422],
    ['too much', { text: JSON.stringify({ description: 'x'.repeat(2_000_000) }) }, 413],
    [
      'a form',
      { text: `secret=${SECRET}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    ['plain text', { text: SECRET, headers: { 'content-type': 'text/plain' } }, 415],
    ['a broken merge-patch', { text: '{', headers: { 'content-type': 'application/merge-patch+json' } }, 400],
  ])('answer a body that is %s', async (_what, sent, status) => {
    const { api } = await stage.api();

    const answer = await api.send(
      status === 422 ? 'POST' : 'PATCH',
      status === 422 ? '/subscriptions' : '/subscriptions/sub_1',
      sent,
    );

    expect(answer).toMatchObject({ status, body: { status, code: expect.stringMatching(/^[A-Z_]+$/) } });
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
  });

  it.each([
    ['/subscriptions?limit=251', 'limit'],
    ['/subscriptions?limit=ten', 'limit'],
    ['/subscriptions?limit=1&limit=2', 'limit'],
    ['/subscriptions?page=2', 'page'],
    ['/events?since=yesterday', 'since'],
    ['/events?state=lost', 'state'],
    ['/events?subject=', 'subject'],
    ['/deliveries?test=maybe', 'test'],
    ['/jobs?constructor=1', 'constructor'],
    ['/event-types?limit=1', 'limit'],
  ])('name the parameter: %s', async (path, parameter) => {
    const { api } = await stage.api();

    expect(await api.get(path)).toMatchObject({
      status: 400,
      body: { path: parameter, code: 'REQUEST_INVALID' },
    });
  });

  it('do not tell what the application got wrong, and log it', async () => {
    const { host, api } = await stage.api();
    await host.dataSource.query('DROP TABLE webhooks_subscriptions');
    api.contract = undefined;

    const { status, body } = await api.get('/subscriptions');

    expect({ status, body }).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(JSON.stringify(body)).not.toMatch(/webhooks_subscriptions|select|\.ts/i);
    expect(host.logger.lines.join('\n')).toMatch(/An operation failed: .*webhooks_subscriptions/s);
    expect(host.get(WebhooksService)).toBeDefined();
  });

  it('say when to try again', async () => {
    const { api } = await stage.api({
      webhooks: { dataSource: 'default', limits: { previewsPerMinute: 1 } },
    });
    const input = { event_types: ['OrderCreated'], url: stage.receiver.url('/') };
    await api.post('/preview', input);

    const { status, headers } = await api.post('/preview', input);

    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
