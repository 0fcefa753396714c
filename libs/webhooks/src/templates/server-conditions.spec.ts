import { runSpecs } from '../../../../test/support/child-jest.js';

const HERE = 'libs/webhooks/src/templates';
/** Megabytes of old space: Jest with the library takes about 100 of them. */
const MEMORY = 256;

describe('RequestTemplate on servers of all kinds', () => {
  it.each([
    ['UTC', 0],
    ['America/Los_Angeles', 480],
    ['Asia/Kathmandu', -345],
  ])(
    'renders the templates of real subscribers and all dates the same with TZ=%s',
    async (zone, minutes) => {
      const env = { TZ: zone, WEBHOOKS_TEST_ZONE_OFFSET: String(minutes) };

      const run = await runSpecs(
        [`${HERE}/request-template.fixtures.spec.ts`, `${HERE}/liquid/date-filter.spec.ts`],
        { env },
      );

      expect(run).toMatchObject({ failed: 0 });
      expect(run.passed).toBeGreaterThan(34 + 40);
    },
    60_000,
  );

  it('survives every hostile template and value with little memory', async () => {
    const nodeFlags = [`--max-old-space-size=${MEMORY}`];

    const run = await runSpecs([`${HERE}/hostile-templates.spec.ts`, `${HERE}/hostile-values.spec.ts`], {
      nodeFlags,
    });

    expect(run).toMatchObject({ failed: 0 });
    expect(run.passed).toBeGreaterThan(200);
  });
});
