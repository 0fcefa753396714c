import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { ProblemModel } from '../problems/problem.model.js';
import type { Field, Fields } from './fields.js';
import { JSON_ONLY } from './media-types.js';
import type { OperationOptions } from './operation-options.js';

/** Name of the security scheme in the OpenAPI document. */
export const SECURITY = 'webhooks';

const EVERYWHERE = [400, 401, 403, 413, 415, 503];
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'A parameter or the body is not what the operation takes.',
  401: 'Who asks is not known.',
  403: 'Who asks may not do this.',
  404: 'There is no such thing, or it belongs to another tenant.',
  409: 'What is stored does not allow it.',
  412: '`If-Match` names another version.',
  413: 'The body is too large.',
  415: 'The body is of a kind that the operation does not take.',
  422: 'What is asked for cannot be; `path` says where.',
  429: 'Too often: `Retry-After` says when again.',
  503: 'The database, or what knows who asks, is busy: try again after `Retry-After`.',
};

/** `?event_types=a,b` */
const LIST = { style: 'form', explode: false } as const;

/** Everything that the OpenAPI document says of an operation, with every answer it can give. */
export function Documented(options: OperationOptions): MethodDecorator {
  const { id, summary, description } = options;
  return applyDecorators(
    ApiOperation({ operationId: id, summary, ...(description && { description }) }),
    ApiSecurity(SECURITY),
    ApiExtraModels(ProblemModel),
    ...Object.entries(options.query ?? {}).map(([name, field]) => parameter(name, field)),
    ...bodyOf(options),
    ApiResponse(answerOf(options)),
    ...[...EVERYWHERE, ...(options.problems ?? [])]
      .sort()
      .map((status) => ApiResponse(problemAnswer(status))),
  );
}

function parameter(name: string, { description = '', required = false, ...schema }: Field): MethodDecorator {
  return ApiQuery({ name, required, description, schema: schema as object, ...LIST });
}

function bodyOf({ body, bodyTypes = JSON_ONLY }: OperationOptions): MethodDecorator[] {
  if (!body) return [];
  if (typeof body !== 'function') return [ApiBody(fieldsBody(body))];
  return [ApiConsumes(...bodyTypes), ApiBody({ required: true, type: body })];
}

function fieldsBody(fields: Fields): { required: boolean; schema: object } {
  const required = Object.keys(fields).filter((name) => fields[name]?.required);
  const properties = Object.entries(fields).map(([name, { required: _, ...schema }]) => [name, schema]);
  return {
    required: required.length > 0,
    schema: {
      ...{
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(properties) as object,
      },
      ...(required.length > 0 && { required }),
    },
  };
}

function answerOf({ status = 200, answer, answerHeaders = {} }: OperationOptions): ApiResponseOptions {
  const headers = Object.entries(answerHeaders).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return {
    status,
    description: answer ? 'Done.' : 'Done; there is nothing to tell.',
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) as object }),
    ...contentOf(answer),
  } as ApiResponseOptions;
}

function contentOf(answer: Type<object> | Field | undefined): object {
  if (answer === undefined) return {};
  return typeof answer === 'function' ? { type: answer } : { schema: answer };
}

function problemAnswer(status: number): ApiResponseOptions {
  const schema = { $ref: getSchemaPath(ProblemModel) };
  const after = { description: 'Seconds.', schema: { type: 'integer' } } as const;
  const waits = status === 429 || status === 503;
  return {
    status,
    description: PROBLEMS[status]!,
    content: { 'application/problem+json': { schema } },
    ...(waits && { headers: { 'Retry-After': after } }),
  };
}
