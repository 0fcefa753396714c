import type { OutboundRequest } from 'nestjs-webhooks';
import { RecordingTransport } from './recording.transport.js';

const request: OutboundRequest = {
  method: 'POST',
  url: 'https://example.com/',
  headers: {},
  body: null,
  timeoutMs: 1,
};

describe('RecordingTransport', () => {
  it('records requests and answers 200 without a script', async () => {
    const transport = new RecordingTransport();
    expect(await transport.send(request)).toEqual({
      status: 200,
      error: null,
      detail: null,
      headers: {},
      body: '',
      durationMs: 0,
    });
    expect(transport.requests).toEqual([request]);
  });

  it('plays its script and repeats the last result', async () => {
    const transport = new RecordingTransport({ status: 500 }, { error: 'TIMEOUT' }, () => ({ status: 202 }));
    const results = [];
    for (let sent = 0; sent < 4; sent++) results.push(await transport.send(request));
    expect(results.map(({ status, error }) => status ?? error)).toEqual([500, 'TIMEOUT', 202, 202]);
    expect(results[1]).toMatchObject({ status: null });
  });

  it('takes another script', async () => {
    const transport = new RecordingTransport({ status: 500 });
    transport.answer({ status: 410 });
    expect(await transport.send(request)).toMatchObject({ status: 410 });
  });

  it('knows that it was closed', async () => {
    const transport = new RecordingTransport();
    expect(transport.closed).toBe(false);
    await transport.close();
    expect(transport.closed).toBe(true);
  });
});
