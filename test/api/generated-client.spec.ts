import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { BookingProcess, CALLER } from '../support/booking-process.js';
import { describeDatabases } from '../support/databases.js';
import { FAMILY } from '../support/trips.js';
import { Contract, type ApiDocument } from './support/contract.js';
import { GeneratedClient } from './support/generated-client.js';

interface Answered {
  readonly operation: string;
  readonly status: number;
}

/** Sends requests, and has every answer judged by the document. */
function judging(contract: Contract, answers: Answered[]) {
  return async (request: Request): Promise<Response> => {
    const response = await fetch(request);
    const { method, url } = request;
    const { status, headers } = response;
    const text = await response.clone().text();
    const path = new URL(url).pathname;
    const body: unknown = text === '' ? null : JSON.parse(text);
    contract.check({ method, path, status, type: headers.get('content-type'), body });
    answers.push({ operation: contract.routeOf(method, path).operation.operationId, status });
    return response;
  };
}

// Both databases have the same document.
let generated: Promise<GeneratedClient> | undefined;
afterAll(async () => (await generated)?.remove());

describeDatabases('a client that a public generator made of the document', (database) => {
  let booking: BookingProcess;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    booking = await BookingProcess.start(await database.fresh());
  });
  afterAll(async () => {
    await booking.end();
    await receiver.close();
  });

  it('compiles as it is, and every operation of the sample application answers it as documented', async () => {
    const response = await fetch(`${booking.url}/webhooks/openapi.json`, { headers: CALLER });
    const contract = new Contract((await response.json()) as ApiDocument);
    const client = await (generated ??= GeneratedClient.of(contract.document));
    const answers: Answered[] = [];

    await client.callEveryOperation({
      ...{ url: booking.url, consumer: CALLER['x-consumer-id'], hook: receiver.url('/hook') },
      fetch: judging(contract, answers),
      order: () => booking.post('/orders', FAMILY),
    });

    const called = new Set(answers.map(({ operation }) => operation));
    const documented = contract.routes.map(({ operation }) => operation.operationId);
    expect([...called].sort()).toEqual(documented.sort());
    expect(answers.filter(({ status }) => status >= 300)).toEqual([
      { operation: 'expungeEvent', status: 403 },
      { operation: 'eraseSubject', status: 403 },
    ]);
  });
});
