import type { INestApplication, Type } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { EventCatalog } from 'nestjs-webhooks';
import { WebhooksAccess } from '../access/webhooks-access.js';
import { SECURITY } from '../operations/documented.decorator.js';
import { describeWebhooks } from './describe-webhooks.js';

const ABOUT =
  'Subscriptions, their history, and what can be done about both. Every problem is answered by RFC 9457 with a stable `code`.';

/** The OpenAPI document of this application: the API by its decorators, the webhooks by the catalog. */
@Injectable()
export class OpenApiDocument {
  private document: OpenAPIObject | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
    private readonly adapters: HttpAdapterHost,
    private readonly catalog: EventCatalog,
    private readonly access: WebhooksAccess,
  ) {}

  /** Made at the first call: routes and catalog are complete then. */
  get(): OpenAPIObject {
    return (this.document ??= this.describe());
  }

  private describe(): OpenAPIObject {
    const described = SwaggerModule.createDocument(this.application(), this.builder(), {
      include: [this.ownModule()],
    });
    const { webhooks, schemas } = describeWebhooks(this.catalog.all());
    const components = { ...described.components, schemas: { ...described.components?.schemas, ...schemas } };
    return { ...described, components, webhooks } as OpenAPIObject;
  }

  // What `createDocument` asks of an application is at hand without one; the application itself is in no container.
  private application(): INestApplication {
    const container = { getModules: () => this.modules };
    const getHttpAdapter = (): unknown => this.adapters.httpAdapter;
    return { container, config: this.config, getHttpAdapter } as unknown as INestApplication;
  }

  private ownModule(): Type {
    const modules = [...this.modules.values()];
    return modules.find(({ providers }) => providers.has(OpenApiDocument))!.metatype;
  }

  private builder(): Omit<OpenAPIObject, 'paths'> {
    return new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Webhooks')
      .setDescription(ABOUT)
      .setVersion('1')
      .setLicense('MIT', 'https://opensource.org/license/mit')
      .addServer('/')
      .addSecurity(SECURITY, { ...this.access.scheme } as never)
      .build();
  }
}
