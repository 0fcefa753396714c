import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import { WebhookReceiver } from '../../testing/webhook-receiver.js';
import { HttpWebhookTransport } from './http-webhook.transport.js';

describe('HttpWebhookTransport with interceptors of the host', () => {
  let receiver: WebhookReceiver;
  let transport: HttpWebhookTransport;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
    transport = new HttpWebhookTransport({ allow: ['127.0.0.0/8'] });
  });
  afterEach(async () => {
    await transport.close();
    await receiver.close();
  });

  const send = (timeoutMs = 20_000, headers: Record<string, string> = { 'x-a': '1' }) =>
    transport.send({
      method: 'POST',
      url: receiver.url('/hooks?a=1'),
      headers,
      body: Buffer.from('{"a":1}'),
      timeoutMs,
    });

  it('runs both kinds, and sends the same bytes with them as without', async () => {
    await send();
    const { interceptors } = transport.httpService.axiosRef;
    const statuses: number[] = [];
    interceptors.request.use((config) => config);
    interceptors.response.use((response) => {
      statuses.push(response.status);
      return response;
    });
    receiver.answer('/hooks', { status: 422, headers: { 'x-request-id': 'r' }, body: 'no' });
    const result = await send();

    expect(result).toMatchObject({ status: 422, error: null, body: 'no', headers: { 'x-request-id': 'r' } });
    expect(statuses).toEqual([422]);
    const [without, withThem] = receiver.requests;
    expect(withThem).toMatchObject({ method: 'POST', path: '/hooks?a=1', body: '{"a":1}' });
    expect(withThem?.headers).toEqual(without?.headers);
  });

  it('sends the header that an interceptor adds, until it is ejected', async () => {
    const { request } = transport.httpService.axiosRef.interceptors;
    const id = request.use((config) => {
      config.headers.set('traceparent', '00-abc');
      return config;
    });
    await send();
    request.eject(id);
    await send();
    expect(receiver.requests.map(({ headers }) => headers['traceparent'])).toEqual(['00-abc', undefined]);
  });

  it('keeps the deadline when the receiver hangs', async () => {
    transport.httpService.axiosRef.interceptors.request.use((config) => config);
    receiver.answer('/hooks', { kind: 'hang' });
    expect(await send(1_000)).toMatchObject({ status: null, error: 'TIMEOUT' });
  });

  it('keeps the deadline when an interceptor hangs, and sends nothing afterwards', async () => {
    let goOn: () => void = () => undefined;
    const hold = new Promise<void>((resolve) => (goOn = resolve));
    const { request } = transport.httpService.axiosRef.interceptors;
    request.use(async (config) => {
      await hold;
      return config;
    });
    expect(await send(150)).toMatchObject({
      error: 'TIMEOUT',
      detail: expect.stringContaining('preparing the request'),
    });
    goOn();
    request.clear();
    await send();
    expect(receiver.requests).toHaveLength(1);
  });

  it('turns an interceptor that throws into a result', async () => {
    transport.httpService.axiosRef.interceptors.request.use(() => {
      throw new Error('no token');
    });
    const result = await send();
    expect(result).toMatchObject({
      status: null,
      error: 'REQUEST_INVALID',
      detail: expect.stringContaining('no token'),
    });
  });

  it('still blocks a target that an interceptor puts in', async () => {
    transport.httpService.axiosRef.interceptors.request.use((config) => ({
      ...config,
      url: 'http://10.0.0.1/',
    }));
    expect(await send()).toMatchObject({ status: null, error: 'TARGET_BLOCKED' });
  });

  it('keeps the true reason of a network fault', async () => {
    transport.httpService.axiosRef.interceptors.response.use((response) => response);
    receiver.answer('/hooks', { kind: 'reset' });
    expect(await send()).toMatchObject({ status: null, error: 'CONNECTION_RESET' });
  });

  it('knows nothing of the defaults of the host', async () => {
    const { headers } = axios.defaults;
    headers.common['authorization'] = 'Bearer of-the-host';
    axios.defaults.baseURL = 'http://10.0.0.1/';
    try {
      const other = new HttpWebhookTransport({ allow: ['127.0.0.0/8'] });
      other.httpService.axiosRef.interceptors.request.use((config) => config);
      await other.send({
        method: 'POST',
        url: receiver.url('/'),
        headers: {},
        body: null,
        timeoutMs: 20_000,
      });
      await other.close();
    } finally {
      delete headers.common['authorization'];
      delete axios.defaults.baseURL;
    }
    expect(receiver.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(receiver.requests[0]?.headers).not.toHaveProperty('accept');
    expect(receiver.requests[0]?.headers).not.toHaveProperty('content-type');
    expect(axios.defaults.adapter).toBeDefined();
  });

  it('also serves requests that the host sends through the same service', async () => {
    receiver.answer('/ping', { body: 'pong' });
    const response = await firstValueFrom(
      transport.httpService.request({ url: receiver.url('/ping'), timeout: 20_000 }),
    );
    expect(String(response.data)).toBe('pong');
    receiver.answer('/ping', { kind: 'hang' });
    await expect(
      firstValueFrom(transport.httpService.request({ url: receiver.url('/ping'), timeout: 1_000 })),
    ).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});
