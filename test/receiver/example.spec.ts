import { randomBytes } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import { exampleModule } from './example.js';
import type { Answer } from './receiver-app.js';
import { send } from './receiver-app.js';
import { signedMessage } from './signed-message.js';

const secretOf = (): string => `whsec_${randomBytes(32).toString('base64')}`;

describeDatabases('the example of the documentation', (database) => {
  const [secret, oldSecret, partnerSecret] = [secretOf(), secretOf(), secretOf()];
  let app: INestApplication;

  beforeEach(async () => {
    const partners = new Map([['ada', partnerSecret]]);
    const settings = { database: await database.fresh(), secret, oldSecret, partners };
    app = await NestFactory.create(exampleModule(settings), { rawBody: true, logger: false });
    await app.get(DataSource).query('CREATE TABLE tickets (order_id text)');
    await app.listen(0, '127.0.0.1');
  });

  afterEach(() => app.close());

  const post = async (key: string, path: string, id: string): Promise<Answer> => {
    const body = JSON.stringify({ type: 'OrderTicketed', data: { order_id: id } });
    return send(await app.getUrl(), signedMessage(key, { id, path, body }));
  };

  it('writes each ticket once, under the new secret and the old one', async () => {
    const answers = [
      await post(secret, '/hooks/orders', 'evt_1'),
      await post(oldSecret, '/hooks/orders', 'evt_1'),
      await post(oldSecret, '/hooks/orders', 'evt_2'),
      await post(partnerSecret, '/hooks/orders', 'evt_3'),
    ];

    expect(answers.map(({ status, headers }) => [status, headers['webhook-duplicate']])).toEqual([
      [204, undefined],
      [204, 'true'],
      [204, undefined],
      [401, undefined],
    ]);
    const rows = await app.get(DataSource).query('SELECT order_id FROM tickets ORDER BY order_id');
    expect(rows).toEqual([{ order_id: 'evt_1' }, { order_id: 'evt_2' }]);
  });

  it('knows partners by their path', async () => {
    expect(await post(partnerSecret, '/hooks/partners/ada', 'evt_1')).toMatchObject({
      status: 201,
      body: 'evt_1',
    });
    expect(await post(secret, '/hooks/partners/ada', 'evt_2')).toMatchObject({ status: 401 });
    expect(await post(partnerSecret, '/hooks/partners/bob', 'evt_3')).toMatchObject({ status: 401 });
  });
});
