import { applyDecorators, Req, Res, SetMetadata } from '@nestjs/common';
import { ApiCall, type ApiRequest } from './api-call.js';
import { readBody, readQuery } from './check-fields.js';
import { Documented } from './documented.decorator.js';
import { checkMediaType, JSON_ONLY } from './media-types.js';
import type { OperationOptions } from './operation-options.js';

/** Where the guard finds what a caller must be allowed to do. */
export const OPERATION_ACTION = 'webhooks-api:action';

interface ApiReply {
  status(code: number): ApiReply;
  header(name: string, value: string): ApiReply;
  send(text?: string): unknown;
}

type Handler = (call: ApiCall) => unknown;

/**
 * Stands right above a method with one parameter, the {@link ApiCall}, and makes it an operation. The answer is written here and
 * not by the framework: global pipes and interceptors of the host change neither what arrives nor what is answered.
 */
export function Operation(options: OperationOptions): MethodDecorator {
  return (target, name, descriptor) => {
    const handle = descriptor.value as Handler;
    const answering = async function (this: unknown, request: ApiRequest, reply: ApiReply): Promise<void> {
      const call = callOf(request, options);
      const answer = await handle.call(this, call);
      write(reply, answer, { status: options.status ?? 200, headers: call.answerHeaders });
    };
    descriptor.value = answering as never;
    Req()(target, name, 0);
    Res()(target, name, 1);
    const facts = [SetMetadata(OPERATION_ACTION, options.action), Documented(options)];
    applyDecorators(...facts)(target, name, descriptor);
  };
}

function callOf(request: ApiRequest, { query = {}, body, bodyTypes = JSON_ONLY }: OperationOptions): ApiCall {
  checkMediaType(request, bodyTypes);
  const isJudgedByCore = typeof body === 'function';
  const read = isJudgedByCore ? (request.body as ApiCall['body']) : readBody(request.body, body ?? {});
  return new ApiCall(request, readQuery(request.query, query), read);
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function write(reply: ApiReply, answer: unknown, { status, headers }: Head): void {
  reply.status(status).header('cache-control', 'no-store');
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (answer === undefined) reply.send();
  else reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
}
