import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SignedAccess } from '@nestjs-webhooks/api';
import { TEST_KEY } from '../support/host.js';
import { ApiClient } from './support/api-client.js';
import { Contract, type ApiDocument } from './support/contract.js';

const HOST = fileURLToPath(new URL('./fastify-host.mjs', import.meta.url));
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

describe('the API on Fastify', () => {
  let folder: string;
  let api: ApiClient;
  let close: () => Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webhooks-api-'));
    // Its flags are Jest's: they would make it run the sources.
    const { NODE_OPTIONS: _jestFlags, ...inherited } = process.env;
    const own = {
      DATABASE_FILE: join(folder, 'webhooks.sqlite'),
      KEY: TEST_KEY,
      PARENT_PID: String(process.pid),
    };
    const child = spawn(process.execPath, [HOST], {
      env: { ...inherited, ...own },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    close = async () => {
      child.kill('SIGTERM');
      await exited;
    };
    const failed = exited.then(() => Promise.reject(new Error('It did not start')));
    const [url] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed])) as [
      string,
    ];
    failed.catch(() => undefined);
    api = new ApiClient(url, new SignedAccess({ current: TEST_KEY }).issue({ tenant: 'a' }), '/api/webhooks');
    api.contract = new Contract((await api.get<ApiDocument>('/openapi.json')).body);
  });

  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  it('subscribes, changes, tests and deletes as its document says', async () => {
    const created = await api.post<{ id: string }>('/subscriptions', { url: 'http://127.0.0.1:9/hook' });
    expect(created).toMatchObject({ status: 422, body: { path: 'http_request.url' } });
    const { body, headers } = await api.post<{ id: string }>('/subscriptions', {
      url: 'https://partner.example/',
    });
    expect(headers.get('location')).toBe(`/api/webhooks/subscriptions/${body.id}`);

    const patch = { text: '{"description":"mine"}', headers: { ...MERGE_PATCH, 'if-match': '"1"' } };
    expect(await api.send('PATCH', `/subscriptions/${body.id}`, patch)).toMatchObject({ status: 200 });
    expect(await api.send('PATCH', `/subscriptions/${body.id}`, patch)).toMatchObject({ status: 412 });
    expect(await api.post(`/subscriptions/${body.id}/pause`, { reason: 'why not' })).toMatchObject({
      status: 200,
    });
    expect(await api.post(`/subscriptions/${body.id}/test`)).toMatchObject({ status: 202 });
    expect((await api.get('/deliveries?test=true')).body).toMatchObject({
      items: [{ subscription_id: body.id }],
    });
    expect(await api.send('DELETE', `/subscriptions/${body.id}`)).toMatchObject({ status: 204 });
  });

  it.each([
    ['no JSON', { text: '{' }, 400],
    ['a broken merge-patch', { text: '{', headers: MERGE_PATCH }, 400],
    ['a form', { text: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['XML', { text: '<a/>', headers: { 'content-type': 'application/xml' } }, 415],
    ['too much', { text: JSON.stringify({ description: 'x'.repeat(2_000_000) }) }, 413],
  ])('answers a body that is %s with problem details', async (_what, sent, status) => {
    expect(await api.send('PATCH', '/subscriptions/sub_1', sent)).toMatchObject({ status, body: { status } });
  });

  it('knows strangers, and what there is not', async () => {
    expect(await api.get('/subscriptions', { token: null })).toMatchObject({ status: 401 });
    expect(await api.get('/subscriptions/sub_1')).toMatchObject({ status: 404 });
    expect(await api.get('/events?limit=0')).toMatchObject({ status: 400, body: { path: 'limit' } });
  });
});
