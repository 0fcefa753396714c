/** Clauses of the module's statements that a promise rests on, and what stands there instead. */
const CLAUSES = {
  'no-lease': [
    ['+ r.lease, CASE', '+ NULL, CASE'],
    ['+ $8, $9, $10)', '+ $8 + CAST(NULL AS bigint), $9, $10)'],
  ],
  'no-fence': [['t.id = r.id AND t.fence = r.fence AND t.state IN', 't.id = r.id AND t.state IN']],
};

/** Each takes one defence out of the parts of a running module. */
const PARTS = {
  'hand-over-before-commit': (part) => {
    const writer = part('EventWriter');
    const write = writer.write.bind(writer);
    const handOver = writer.handOver.bind(writer);
    writer.handOver = () => undefined;
    writer.write = async (events, manager) => {
      const written = await write(events, manager);
      if (written) handOver(written.events, written.leasedAt);
      return written;
    };
  },
  'record-before-send': (part) => {
    const transport = part('WebhookTransport');
    const send = transport.send.bind(transport);
    transport.send = async (request) => {
      const id = request.headers['webhook-id'];
      await part('Database').run([
        { sql: 'UPDATE webhooks_events SET due_at = NULL WHERE id = $1', params: [id] },
        {
          sql: `UPDATE webhooks_deliveries SET due_at = NULL, state = 'succeeded' WHERE event_id = $1`,
          params: [id],
        },
      ]);
      return send(request);
    };
  },
  'id-per-attempt': (part) => {
    const transport = part('WebhookTransport');
    const send = transport.send.bind(transport);
    let sent = 0;
    transport.send = ({ headers, ...request }) =>
      send({ ...request, headers: { ...headers, 'webhook-id': `evt_${process.pid}_${sent++}` } });
  },
  'no-renewal': (part) => {
    part('Dispatcher').engine.sender.runsOut = () => false;
  },
  'no-release': (part) => {
    part('DeliveryStore').release = async () => undefined;
  },
  'cut-off-is-failure': (part) => {
    part('Dispatcher').engine.sender.interrupt = () => undefined;
  },
  'no-bound-on-shutdown': (part) => {
    part('Dispatcher').settings.drainTimeout = 2 ** 31 - 1;
  },
  'short-lease': (part) => {
    part('Dispatcher').settings.lease = 1_000;
  },
  'time-of-the-process': (part) => {
    const ahead = Date.now() - performance.now();
    Object.defineProperty(part('Clock'), 'offset', {
      get: () => Math.round(Date.now() - performance.now() - ahead),
    });
  },
  'time-of-the-start': (part) => {
    part('Clock').now = () => performance.timeOrigin + performance.now();
  },
  'cursor-before-rows': (part) => {
    const store = part('JobStore');
    const advance = store.advance.bind(store);
    let passed = [];
    store.advance = (job, step) => {
      if (!step.complete && step.deliveries.length === 0) return advance(job, step);
      const late = passed;
      passed = step.complete ? [] : step.deliveries;
      return advance(job, { ...step, deliveries: step.complete ? [...late, ...step.deliveries] : late });
    };
  },
  'close-apart': (part) => {
    const store = part('ScheduleStore');
    const close = store.close.bind(store);
    store.close = (_, ...given) => close(part('Database'), ...given);
  },
  'close-afterwards': (part) => {
    const store = part('ScheduleStore');
    const close = store.close.bind(store);
    store.close = async (_, ...given) => {
      setTimeout(() => close(part('Database'), ...given).catch(() => undefined), 1_000);
      return true;
    };
  },
  'no-idempotency': (part) => {
    const writer = part('EventWriter');
    for (const method of ['inTransaction', 'onItsOwn']) {
      const original = writer[method].bind(writer);
      writer[method] = (event, manager) => original({ ...event, idempotencyKey: null }, manager);
    }
  },
};

function replaceClauses(database, clauses) {
  const replaced = (sql) =>
    clauses.reduce((text, [clause, instead]) => text.replaceAll(clause, instead), sql);
  const mutated = (statements) => statements.map(({ sql, params }) => ({ sql: replaced(sql), params }));
  const run = database.run.bind(database);
  const within = database.within.bind(database);
  database.run = (statements) => run(mutated(statements));
  database.within = (manager) => ({ run: (statements) => within(manager).run(mutated(statements)) });
}

/** Breaks the module of this process in one way. */
export function mutate(name, part) {
  if (name in CLAUSES) replaceClauses(part('Database'), CLAUSES[name]);
  else PARTS[name](part);
}
