import { SignedAccess, WebhooksAccess, WebhooksApiModule, type WebhooksCaller } from '@nestjs-webhooks/api';
import type { ExceptionFilter, NestInterceptor, PipeTransform } from '@nestjs/common';
import {
  BadRequestException,
  Injectable,
  Module,
  ServiceUnavailableException,
  UnauthorizedException,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule, webhooksMigrations } from 'nestjs-webhooks';
import { map } from 'rxjs';
import { describeDatabases, type TestDatabaseOptions } from '../support/databases.js';
import { LOOPBACK, TEST_KEY } from '../support/host.js';
import { EVENTS } from '../support/order-events.js';
import { RecordingLogger } from '../support/recording.logger.js';
import { ApiClient } from './support/api-client.js';
import { Contract, type ApiDocument } from './support/contract.js';

const HOOK = 'https://partner.example/hook';

/** Everything global that a host can have, each at its worst. */
const wrapping: NestInterceptor = {
  intercept: (_context, next) => next.handle().pipe(map((data) => ({ data }))),
};
const shouting: ExceptionFilter = {
  catch: (_error, host) =>
    host
      .switchToHttp()
      .getResponse<{ status(n: number): { send(t: string): void } }>()
      .status(418)
      .send('no'),
};
const refusing: PipeTransform = {
  transform: () => {
    throw new BadRequestException('The host takes nothing');
  },
};

/** By a header, as many a host has it. */
@Injectable()
class HeaderAccess extends WebhooksAccess {
  override readonly scheme = { type: 'apiKey', in: 'header', name: 'x-company' } as const;

  identify(context: Parameters<WebhooksAccess['identify']>[0]): WebhooksCaller | null {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-company'] === 'banned') throw new UnauthorizedException('You know why.');
    return headers['x-company'] ? { tenant: headers['x-company'], can: () => true } : null;
  }
}

/** Gives or throws whatever a test says. */
class GivenAccess extends WebhooksAccess {
  constructor(public given: object) {
    super();
  }

  identify(): WebhooksCaller {
    if (this.given instanceof Error) throw this.given;
    return this.given as WebhooksCaller;
  }
}

@Module({ providers: [HeaderAccess], exports: [HeaderAccess] })
class AccessModule {}

async function hostOn(
  database: TestDatabaseOptions,
  api = WebhooksApiModule.register({ access: new SignedAccess({ current: TEST_KEY }) }),
) {
  const module = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({
        ...database,
        migrations: webhooksMigrations(),
        migrationsRun: true,
        retryAttempts: 0,
      }),
      WebhooksModule.forRoot({
        dataSource: 'default',
        secrets: { current: TEST_KEY },
        egress: { allow: LOOPBACK },
      }),
      WebhooksModule.forFeature(EVENTS),
      api,
    ],
  }).compile();
  return module.createNestApplication({ logger: false });
}

describeDatabases('the API in a host', (database) => {
  const token = new SignedAccess({ current: TEST_KEY }).issue({ tenant: 'a' });

  it('is what its document says, whatever the host does to everything', async () => {
    const app = await hostOn(await database.fresh());
    app.setGlobalPrefix('api/v7', { exclude: ['health'] });
    app.enableVersioning({ type: VersioningType.URI, defaultVersion: '3' });
    app.useGlobalPipes(
      new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
      refusing,
    );
    app.useGlobalInterceptors(wrapping);
    app.useGlobalFilters(shouting);
    await app.listen(0, '127.0.0.1');
    const api = new ApiClient(await app.getUrl(), token, '/api/v7/webhooks');

    const { status, body: document } = await api.get<ApiDocument>('/openapi.json');
    api.contract = new Contract(document);
    expect(status).toBe(200);
    expect(Object.keys(document.paths)).toContain('/api/v7/webhooks/subscriptions/{id}');
    const { body, headers } = await api.post('/subscriptions', { url: HOOK });
    expect(headers.get('location')).toBe(`/api/v7/webhooks/subscriptions/${body['id']}`);
    expect(await api.get('/subscriptions?limit=0')).toMatchObject({ status: 400, body: { path: 'limit' } });
    expect(await api.send('POST', '/subscriptions', { text: '{' })).toMatchObject({ status: 400 });
    expect(await api.get('/subscriptions/%E0%A4%A')).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
    expect(await api.get('/subscriptions', { token: null })).toMatchObject({ status: 401 });
    const patched = await api.send('PATCH', `/subscriptions/${body['id']}`, {
      text: '{"description":"mine"}',
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(patched).toMatchObject({ status: 200, body: { description: 'mine' } });
    await app.close();
  });

  it('leaves the errors of other paths to the host', async () => {
    const app = await hostOn(await database.fresh());
    app.useGlobalFilters(shouting);
    await app.listen(0, '127.0.0.1');
    const api = new ApiClient(await app.getUrl(), token, '');

    expect(await api.send('POST', '/webhooks-of-mine', { text: '{' })).toMatchObject({ status: 418 });
    await app.close();
  });

  it('lies where it is wanted, and asks whom the host names', async () => {
    const access = { inject: [HeaderAccess], useFactory: (found: HeaderAccess) => found };
    const app = await hostOn(
      await database.fresh(),
      WebhooksApiModule.register({ path: 'partners/hooks', imports: [AccessModule], access }),
    );
    await app.listen(0, '127.0.0.1');
    const api = new ApiClient(await app.getUrl(), token, '/partners/hooks');
    const of = (company: string) => ({ headers: { 'x-company': company } });

    expect((await api.post('/subscriptions', { url: HOOK }, of('nube'))).body).toMatchObject({
      tenant: 'nube',
    });
    const { body, headers } = await api.post('/subscriptions/?', { url: HOOK }, of('nube'));
    expect(headers.get('location')).toBe(`/partners/hooks/subscriptions/${body['id']}`);
    expect((await api.get('/subscriptions', of('sol'))).body).toMatchObject({ items: [] });
    const stranger = await api.get('/subscriptions');
    expect(stranger).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(stranger.headers.get('www-authenticate')).toBe('ApiKey');
    expect(await api.get('/subscriptions', of('banned'))).toMatchObject({
      status: 401,
      body: { detail: 'You know why.' },
    });
    expect((await api.get('/openapi.json', of('nube'))).body).toMatchObject({
      components: { securitySchemes: { webhooks: { type: 'apiKey', in: 'header', name: 'x-company' } } },
    });
    await app.close();
  });

  it('lets in nobody whose tenant or permission the host left open, and no operator but null', async () => {
    const can = () => true;
    const access = new GivenAccess({ tenant: null, can });
    const app = await hostOn(await database.fresh(), WebhooksApiModule.register({ access }));
    await app.listen(0, '127.0.0.1');
    const api = new ApiClient(await app.getUrl(), token);
    await api.post('/subscriptions', { url: HOOK, tenant: 'a' });

    for (const [given, code] of [
      [{ can }, 'INTERNAL'],
      [{ tenant: undefined, can }, 'INTERNAL'],
      [{ tenant: '', can }, 'INTERNAL'],
      [{ tenant: '*', can }, 'INTERNAL'],
      [{ tenant: null, can: () => Promise.resolve(true) }, 'INTERNAL'],
      [{ tenant: null, can: () => Promise.reject(new Error('Nobody listens')) }, 'INTERNAL'],
      [{ tenant: null, can: () => 'yes' }, 'FORBIDDEN'],
    ] as const) {
      access.given = given;
      const { status, body } = await api.get('/subscriptions');
      expect({ status, body }).toMatchObject({ status: code === 'INTERNAL' ? 500 : 403, body: { code } });
      expect(body).not.toHaveProperty('items');
    }
    access.given = { tenant: null, can };
    expect((await api.get('/subscriptions')).body).toMatchObject({ items: [{ tenant: 'a' }] });
    await app.close();
  });

  it("keeps the status of what the host's access throws, and the text to itself", async () => {
    const access = new GivenAccess(new ServiceUnavailableException('ldap://10.0.0.7 is away'));
    const app = await hostOn(await database.fresh(), WebhooksApiModule.register({ access }));
    await app.listen(0, '127.0.0.1');
    const api = new ApiClient(await app.getUrl(), token);

    const { status, body, headers } = await api.get('/subscriptions');

    expect({ status, body }).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    expect(headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(body)).not.toContain('ldap');
    access.given = new Error('ldap://10.0.0.7 is away');
    expect(await api.get('/subscriptions')).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    await app.close();
  });

  it("logs what the host's middleware throws on its way, and does not take it for a bad body", async () => {
    const app = await hostOn(await database.fresh());
    const logger = new RecordingLogger();
    app.useLogger(logger);
    app.use((_request: unknown, _reply: unknown, next: (fault: Error) => void) =>
      next(new Error('No session store at 10.0.0.7')),
    );
    await app.listen(0, '127.0.0.1');
    const api = new ApiClient(await app.getUrl(), token);

    const { status, body } = await api.get('/subscriptions');

    expect({ status, body }).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(JSON.stringify(body)).not.toContain('session');
    expect(logger.lines.join('\n')).toMatch(/An operation failed: Error: No session store at 10\.0\.0\.7/);
    await app.close();
  });

  it('does not boot when the factory gives no access', async () => {
    const options = { access: { useFactory: () => null as never } };

    await expect(hostOn(await database.fresh(), WebhooksApiModule.register(options))).rejects.toThrow(
      /needs "access"/,
    );
  });
});
