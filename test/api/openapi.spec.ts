import { createConfig, lintFromString, makeDocumentFromString } from '@redocly/openapi-core';
import { describeDatabases } from '../support/databases.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { useApiStage } from './support/api-stage.js';
import type { ApiDocument } from './support/contract.js';

describeDatabases(
  'the OpenAPI document',
  (database) => {
    const stage = useApiStage(database);

    async function documentOf(): Promise<ApiDocument> {
      const { api } = await stage.api();
      return api.contract!.document;
    }

    it('passes a public linter without an error or a warning', async () => {
      const source = JSON.stringify(await documentOf());
      const config = await createConfig({ extends: ['recommended'] });

      const problems = await lintFromString({ source, config });

      expect(
        problems.map(({ ruleId, severity, message, location }) => ({
          ruleId,
          severity,
          message,
          at: location[0]?.pointer,
        })),
      ).toEqual([]);
      expect(makeDocumentFromString(source, 'openapi.json').parsed).toMatchObject({ openapi: '3.1.0' });
    });

    it('describes the webhooks that are sent, as they arrive', async () => {
      const { webhooks, components } = await documentOf();
      const ajv = new Ajv2020({ strict: false });
      (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
      ajv.addSchema({ components }, 'api');
      const { host, api } = await stage.api();
      const { body } = await api.post('/subscriptions', { url: stage.receiver.url('/hook') });
      await api.post(`/subscriptions/${body['id']}/test`, { event_type: 'OrderCanceled' });
      await host.webhooks.drain();

      const judge = ajv.compile({ $ref: 'api#/components/schemas/Event.OrderCanceled' });
      const arrived = JSON.parse(stage.receiver.requests[0]!.body);
      expect({ arrived, valid: judge(arrived), errors: judge.errors }).toMatchObject({ valid: true });
      expect(judge({ ...arrived, type: 'OrderCreated' })).toBe(false);
      expect(Object.keys(webhooks)).toEqual(['OrderCreated', 'OrderCanceled', 'AirlineStatusChanged']);
    });

    it('says of every parameter what it is', async () => {
      const { api } = await stage.api();
      const parameters = api.contract!.routes.flatMap(({ operation }) => operation.parameters ?? []);

      expect(parameters.filter(({ schema }) => !('type' in schema))).toEqual([]);
      expect(parameters).toContainEqual(expect.objectContaining({ in: 'path', schema: { type: 'string' } }));
    });

    it('names every operation once, and every problem of each', async () => {
      const { api } = await stage.api();
      const { routes } = api.contract!;
      const ids = routes.map(({ operation }) => operation.operationId);

      expect(new Set(ids).size).toBe(ids.length);
      for (const { operation } of routes) {
        expect(Object.keys(operation.responses)).toEqual(
          expect.arrayContaining(['400', '401', '403', '503']),
        );
      }
    });
  },
  'sqlite',
);
