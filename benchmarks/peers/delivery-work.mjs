/**
 * What the peers do around their queues: the application's transaction with its business row, and the delivery: render, sign, POST,
 * and a row for the attempt. Event and body are those of the module; nothing is validated. The client is the raw one, which is
 * quicker than what most would take.
 */
import { createHmac } from 'node:crypto';
import { RequestTemplate } from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { post } from '../contenders/raw-client.mjs';
import { BUSINESS_TABLE, businessInserts, noticeTo } from '../support/host-app.mjs';
import { documentedEvent, orderTicketed } from '../support/order-event.mjs';

const CALLERS = 64;
/** Published and not yet done, as the module has it here. */
const UNDER_WAY = 500;
const KEY = Buffer.alloc(32, 7);
const ATTEMPTS = `CREATE TABLE peer_attempts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id text NOT NULL,
  number int NOT NULL, started_at bigint NOT NULL, duration_ms int NOT NULL, status int, request text NOT NULL)`;
const RECORD = `INSERT INTO peer_attempts (event_id, number, started_at, duration_ms, status, request) VALUES ($1, $2, $3, $4, $5, $6)`;

export class DeliveryWork {
  #number = 0;
  #done = 0;
  #news = () => undefined;

  static async open({ url }, ports) {
    const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
    await dataSource.query(BUSINESS_TABLE);
    await dataSource.query(ATTEMPTS);
    return new DeliveryWork(dataSource, ports);
  }

  constructor(dataSource, ports) {
    this.dataSource = dataSource;
    this.ports = ports;
    this.plain = businessInserts(dataSource).plain;
    this.template = RequestTemplate.parse(noticeTo(ports[0]).http_request, { data: documentedEvent });
  }

  /** Publishes so many events as fast as they are delivered. `enqueue(job, manager)` runs in the transaction, `after(job)` behind it. */
  async measure(count, { enqueue = () => undefined, after = () => undefined }) {
    const first = this.#done;
    let published = 0;
    const startedAt = performance.now();
    const caller = async () => {
      while (published < count) {
        if (published - (this.#done - first) >= UNDER_WAY) await this.#change();
        else {
          published++;
          const job = this.#job();
          await this.dataSource.transaction(async (manager) => {
            await manager.query(this.plain, [job.event.agw_id]);
            await enqueue(job, manager);
          });
          await after(job);
        }
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    while (this.#done - first < count) await this.#change();
    return { rate: (count * 1000) / (performance.now() - startedAt) };
  }

  /** Delivers one event and puts the attempt on record. */
  async deliver({ id, endpoint, event }) {
    const startedAt = Date.now();
    const { body } = this.template.render(event);
    const headers = this.#headers(id, body, startedAt);
    const { status } = await post(this.ports[endpoint], Buffer.from(body), headers);
    const took = Date.now() - startedAt;
    await this.dataSource.query(RECORD, [id, 1, startedAt, took, status, JSON.stringify(headers)]);
    if (status >= 300) throw new Error(`the receiver answered ${status}`);
  }

  /** One job more is done, as the queue knows it. */
  done() {
    this.#done++;
    this.#news();
  }

  close() {
    return this.dataSource.destroy();
  }

  #change() {
    return new Promise((resolve) => {
      const others = this.#news;
      this.#news = () => {
        this.#news = () => undefined;
        others();
        resolve();
      };
    });
  }

  #job() {
    const number = this.#number++;
    const event = orderTicketed(`AGW-${number}`);
    return { id: `evt_${number}`, endpoint: number % this.ports.length, event };
  }

  #headers(id, body, startedAt) {
    const timestamp = Math.floor(startedAt / 1000);
    const signature = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
    return {
      'content-type': 'application/json',
      authorization: 'Basic YourPassword',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    };
  }
}
