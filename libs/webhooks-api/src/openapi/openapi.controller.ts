import { Get } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { record } from '../operations/fields.js';
import { Operation } from '../operations/operation.decorator.js';
import { OpenApiDocument } from './openapi-document.service.js';

/** The description of all this. */
@ApiController('openapi.json', 'Description')
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Get()
  @Operation({
    id: 'getOpenApi',
    action: 'read',
    summary: 'This document: OpenAPI 3.1 of the API, and of the webhooks that are sent',
    answer: record('OpenAPI 3.1.'),
  })
  get(_call: ApiCall): OpenAPIObject {
    return this.document.get();
  }
}
