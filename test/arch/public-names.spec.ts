import * as api from '@nestjs-webhooks/api';
import * as core from 'nestjs-webhooks';
import * as receiver from 'nestjs-webhooks/receiver';
import * as telemetry from 'nestjs-webhooks/telemetry';
import * as terminus from 'nestjs-webhooks/terminus';
import * as testing from 'nestjs-webhooks/testing';

const BUDGET = 30;

describe('the public names', () => {
  it('of the core are few', () => {
    expect(Object.keys(core).length).toBeLessThanOrEqual(BUDGET);
  });

  it('of the core change only on purpose', () => {
    expect(Object.keys(core).sort()).toMatchSnapshot();
  });

  it('of testing change only on purpose', () => {
    expect(Object.keys(testing).sort()).toMatchSnapshot();
  });

  it('of the receiver change only on purpose', () => {
    expect(Object.keys(receiver).sort()).toMatchSnapshot();
  });

  it('of the API change only on purpose', () => {
    expect(Object.keys(api).sort()).toMatchSnapshot();
  });

  it('of the entry points with peers of their own are one each', () => {
    expect(Object.keys(telemetry)).toEqual(['WebhooksTelemetryModule']);
    expect(Object.keys(terminus)).toEqual(['WebhooksHealthIndicator']);
  });

  it('hold no default export', () => {
    expect(
      Object.keys({ ...core, ...testing, ...receiver, ...telemetry, ...terminus, ...api }),
    ).not.toContain('default');
  });
});
