/** The yardstick: node:http with kept-alive connections, and nothing else. It renders, signs and records nothing. */
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../support/monotonic.mjs';
import { envelopeBody, noticeBody } from '../support/order-bodies.mjs';

const IN_FLIGHT = 64;

const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
const NUMBER = 'AGW-123456';
const BODIES = { notice: Buffer.from(noticeBody(NUMBER)), envelope: Buffer.from(envelopeBody(NUMBER)) };

function post(port, id, body = BODIES.notice) {
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'user-agent': 'raw',
    authorization: 'Basic YourPassword',
    'webhook-id': id,
    'webhook-timestamp': '1700000000',
    'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
    'webhook-attempt': '1',
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, host: '127.0.0.1', port, method: 'POST', path: '/webhooks', headers },
      (response) => {
        response
          .resume()
          .once('end', () => resolve(response.statusCode))
          .once('error', reject);
      },
    );
    sent.once('error', reject).end(body);
  });
}

export async function open({ ports }) {
  return {
    /** Sends this many requests, as fast as it goes; `body`: the notice, or the envelope with the whole event. */
    async measure(count, body = 'notice') {
      let next = 0;
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      const caller = async () => {
        while (next < count) {
          const number = next++;
          const status = await post(ports[number % ports.length], `raw_${number}`, BODIES[body]);
          if (status !== 200) throw new Error(`the receiver answered ${status}`);
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
      const seconds = (performance.now() - startedAt) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      return { rate: count / seconds, cpuUs: (user + system) / count };
    },

    /** Sends this many requests at a steady rate; gives for each when it left and how long its round trip took, in milliseconds. */
    async measureLatency(count, perSecond) {
      const startedAt = monotonicMs();
      const samples = [];
      for (let number = 0; number < count; number++) {
        const due = startedAt + (number * 1000) / perSecond - monotonicMs();
        if (due > 0) await wait(due);
        const sentAt = monotonicMs();
        const id = `raw_${number}`;
        const answered = post(ports[number % ports.length], id);
        samples.push(answered.then(() => ({ id, at: sentAt, roundTrip: monotonicMs() - sentAt })));
      }
      return Promise.all(samples);
    },

    close: () => agent.destroy(),
  };
}
