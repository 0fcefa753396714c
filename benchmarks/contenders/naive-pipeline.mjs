/**
 * What one writes in an afternoon: an entity and a `save` for each step, the default HttpService, template and payload parsed for
 * each delivery. It is as durable as the module, and kept here to measure against.
 */
import 'reflect-metadata';
import { createHmac, randomUUID } from 'node:crypto';
import { HttpModule, HttpService } from '@nestjs/axios';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom } from 'rxjs';
import { DataSource, EntitySchema } from 'typeorm';
import { validate } from 'class-validator';
import { durable } from '../support/host-app.mjs';
import { fill, NOTICE } from '../support/order-bodies.mjs';
import { orderTicketed } from '../support/order-event.mjs';

const WORKERS = 64;

const text = { type: 'text' };
const optionalText = { type: 'text', nullable: true };
const number = { type: 'int' };
const id = { type: 'text', primary: true };

const BusinessOrder = new EntitySchema({ name: 'BusinessOrder', columns: { id, total: number } });
const OutboxEvent = new EntitySchema({
  name: 'OutboxEvent',
  columns: { id, type: text, data: text, createdAt: { type: Date, createDate: true } },
});
const Delivery = new EntitySchema({
  name: 'Delivery',
  columns: {
    id,
    eventId: text,
    endpoint: number,
    state: text,
    attempts: number,
    lastStatus: { type: 'int', nullable: true },
  },
});
const Attempt = new EntitySchema({
  name: 'Attempt',
  columns: {
    id,
    deliveryId: text,
    status: number,
    request: text,
    responseBody: optionalText,
    durationMs: number,
  },
});

/** TypeORM has one connection on SQLite, and saves that overlap there break each other: they take turns. */
function oneAtATime() {
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

function render(templateText, dataText) {
  return JSON.stringify(fill(JSON.parse(templateText), JSON.parse(dataText)));
}

class NaivePipeline {
  #number = 0;
  #template = JSON.stringify(NOTICE);
  #key = Buffer.alloc(32, 7);

  constructor(app, dataSource, ports) {
    this.app = app;
    this.http = app.get(HttpService, { strict: false });
    this.dataSource = dataSource;
    this.ports = ports;
    this.turn = dataSource.options.type === 'postgres' ? (work) => work() : oneAtATime();
  }

  async measure(count) {
    let next = 0;
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const worker = async () => {
      while (next++ < count) await this.#deliver(await this.#publish());
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { rate: count / seconds, cpuUs: (user + system) / count };
  }

  async close() {
    await this.dataSource.destroy();
    await this.app.close();
  }

  async #publish() {
    const event = orderTicketed(`AGW-${this.#number++}`);
    const issues = await validate(event);
    if (issues.length > 0) throw new Error(String(issues[0]));
    const row = { id: randomUUID(), type: 'OrderTicketed', data: JSON.stringify(event) };
    await this.turn(() =>
      this.dataSource.transaction(async (manager) => {
        await manager.save(BusinessOrder, { id: event.agw_id, total: 41_235 });
        await manager.save(OutboxEvent, row);
      }),
    );
    return row;
  }

  async #deliver(event) {
    const endpoint = this.#number % this.ports.length;
    const delivery = {
      id: randomUUID(),
      eventId: event.id,
      endpoint,
      state: 'pending',
      attempts: 0,
      lastStatus: null,
    };
    await this.#save(Delivery, delivery);
    const body = render(this.#template, event.data);
    const headers = this.#headers(event.id, body);
    const startedAt = Date.now();
    const response = await firstValueFrom(
      this.http.post(`http://127.0.0.1:${this.ports[endpoint]}/webhooks`, body, { headers }),
    );
    await this.#save(Attempt, {
      id: randomUUID(),
      deliveryId: delivery.id,
      status: response.status,
      request: JSON.stringify(headers),
      responseBody: JSON.stringify(response.data),
      durationMs: Date.now() - startedAt,
    });
    await this.#save(Delivery, { ...delivery, state: 'succeeded', attempts: 1, lastStatus: response.status });
  }

  #headers(messageId, body) {
    const timestamp = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', this.#key)
      .update(`${messageId}.${timestamp}.${body}`)
      .digest('base64');
    return {
      'content-type': 'application/json',
      authorization: 'Basic YourPassword',
      'webhook-id': messageId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    };
  }

  #save(entity, row) {
    return this.turn(() => this.dataSource.manager.save(entity, row));
  }
}

export async function open({ database, ports }) {
  const entities = [BusinessOrder, OutboxEvent, Delivery, Attempt];
  const dataSource = await new DataSource({ ...durable(database), entities, synchronize: true }).initialize();
  const app = await NestFactory.createApplicationContext(HttpModule, { logger: ['error', 'warn'] });
  return new NaivePipeline(app, dataSource, ports);
}
