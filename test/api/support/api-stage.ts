import { SignedAccess, WebhooksApiModule, type WebhooksAction } from '@nestjs-webhooks/api';
import type { TestDatabase } from '../../support/databases.js';
import type { Host, HostOptions } from '../../support/host.js';
import { TEST_KEY } from '../../support/host.js';
import { Stage } from '../../support/stage.js';
import { ApiClient } from './api-client.js';
import { Contract, type ApiDocument } from './contract.js';

const HOUR_S = 3_600;

/** Who asks, unless a test says otherwise. */
export const TENANT = 'nube-travel';
/** Somebody else. */
export const OTHER = 'sol-travel';

/** A host with the API, and a receiver. */
export class ApiStage extends Stage {
  readonly access = new SignedAccess({ current: TEST_KEY });
  private shared: Contract | undefined;

  token(tenant: string | null = TENANT, actions?: readonly WebhooksAction[]): string {
    const actor = `somebody at ${tenant ?? 'the operator'}`;
    return this.access.issue({ tenant, actor, expiresInSeconds: HOUR_S, ...(actions && { actions }) });
  }

  /** Starts a host with the API, and speaks to it as an administrator of the tenant. */
  async api(options: HostOptions = {}): Promise<{ host: Host; api: ApiClient }> {
    const imports = [...(options.imports ?? []), WebhooksApiModule.register({ access: this.access })];
    const host = await this.host({ ...options, imports });
    const api = new ApiClient(await host.listen(), this.token(TENANT, ['read', 'manage', 'send', 'erase']));
    const { body } = await api.get<ApiDocument>('/openapi.json');
    api.contract = this.shared ??= new Contract(body);
    return { host, api };
  }
}

/** A stage for each test of the suite. */
export function useApiStage(database: TestDatabase): ApiStage {
  const stage = new ApiStage(database);
  beforeEach(() => stage.open());
  afterEach(() => stage.close());
  return stage;
}
