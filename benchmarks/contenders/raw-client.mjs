/** The yardstick: node:http with kept-alive connections, and nothing else. It renders, signs and records nothing. */
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { inFlight } from '../support/in-flight.mjs';
import { monotonicMs } from '../support/monotonic.mjs';
import { envelopeBody, noticeBody } from '../support/order-bodies.mjs';
import { requestHeaders } from '../support/request-headers.mjs';

const NUMBER = 'AGW-123456';
const BODIES = { notice: Buffer.from(noticeBody(NUMBER)), envelope: Buffer.from(envelopeBody(NUMBER)) };

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One POST. */
export function post(port, body, headers) {
  const sized = { ...headers, 'content-length': body.length };
  const options = { agent, host: '127.0.0.1', port, method: 'POST', path: '/webhooks', headers: sized };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      response
        .resume()
        .once('end', () => resolve({ status: response.statusCode }))
        .once('error', reject);
    });
    sent.once('error', reject).end(body);
  });
}

export async function open({ ports }) {
  const portOf = (number) => ports[number % ports.length];
  return {
    /** Sends this many requests, as fast as it goes; `body`: the notice, or the envelope with the whole event. */
    measure: (count, body) =>
      inFlight(count, (number) =>
        post(portOf(number), BODIES[body ?? 'notice'], requestHeaders(`raw_${number}`)),
      ),

    /** Sends this many requests at a steady rate; gives for each when it left and how long its round trip took, in milliseconds. */
    async measureLatency(count, perSecond) {
      const startedAt = monotonicMs();
      const samples = [];
      for (let number = 0; number < count; number++) {
        const due = startedAt + (number * 1000) / perSecond - monotonicMs();
        if (due > 0) await wait(due);
        const sentAt = monotonicMs();
        const id = `raw_${number}`;
        const answered = post(portOf(number), BODIES.notice, requestHeaders(id));
        samples.push(answered.then(() => ({ id, at: sentAt, roundTrip: monotonicMs() - sentAt })));
      }
      return Promise.all(samples);
    },

    close: () => agent.destroy(),
  };
}
