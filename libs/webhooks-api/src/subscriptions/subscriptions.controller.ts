import { Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type {
  CreatedSubscription,
  SubscriptionInput,
  SubscriptionPage,
  SubscriptionPatch,
  SubscriptionView,
} from 'nestjs-webhooks';
import { SubscriptionsService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { PAGE } from '../operations/list-fields.js';
import { JSON_ONLY, MERGE_PATCH } from '../operations/media-types.js';
import { Operation } from '../operations/operation.decorator.js';
import { PathId } from '../operations/path-id.decorator.js';
import { ForbiddenError } from '../problems/forbidden-error.js';
import { VersionConflictError } from '../problems/version-conflict-error.js';
import { SubscriptionInputModel, SubscriptionPatchModel } from './subscription-input.model.js';
import { CreatedSubscriptionModel, SubscriptionModel, SubscriptionPageModel } from './subscription.model.js';

const ETAG = { ETag: 'The version, for `If-Match`.' };

/** Who gets what, and where. */
@ApiController('subscriptions', 'Subscriptions')
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Post()
  @Operation({
    id: 'createSubscription',
    action: 'manage',
    summary: 'Subscribe; the answer holds the signing secret, this once',
    body: SubscriptionInputModel,
    status: 201,
    answer: CreatedSubscriptionModel,
    answerHeaders: { ...ETAG, Location: 'Where it is.' },
    problems: [409, 422],
  })
  async create(call: ApiCall<object, SubscriptionInput>): Promise<CreatedSubscription> {
    const created = await this.subscriptions.create(ownInput(call), call.scope);
    call.locate(`subscriptions/${created.id}`);
    return tagged(call, created);
  }

  @Get()
  @Operation({
    id: 'listSubscriptions',
    action: 'read',
    summary: 'A page of subscriptions, oldest first',
    query: PAGE,
    answer: SubscriptionPageModel,
  })
  list({ query, scope }: ApiCall<{ limit?: number; cursor?: string }>): Promise<SubscriptionPage> {
    return this.subscriptions.list({ ...query, tenant: scope.tenant });
  }

  @Get(':id')
  @PathId()
  @Operation({
    id: 'getSubscription',
    action: 'read',
    summary: 'One subscription; secrets are masked',
    answer: SubscriptionModel,
    answerHeaders: ETAG,
    problems: [404],
  })
  async get(call: ApiCall): Promise<SubscriptionView> {
    return tagged(call, await this.subscriptions.get(call.id, call.scope));
  }

  @Patch(':id')
  @PathId()
  @ApiHeader({ name: 'If-Match', required: false, description: 'The `ETag` that the change was made for.' })
  @Operation({
    id: 'updateSubscription',
    action: 'manage',
    summary: 'Change it by a JSON merge-patch (RFC 7396)',
    description:
      '`http_request`, `fields` and `filter` are each replaced as a whole. `********` keeps a secret.',
    body: SubscriptionPatchModel,
    bodyTypes: [MERGE_PATCH, ...JSON_ONLY],
    answer: SubscriptionModel,
    answerHeaders: ETAG,
    problems: [404, 409, 412, 422],
  })
  async update(call: ApiCall<object, SubscriptionPatch>): Promise<SubscriptionView> {
    const patch = await this.patchOf(call);
    return tagged(call, await this.subscriptions.update(call.id, patch, call.scope));
  }

  @Delete(':id')
  @PathId()
  @Operation({
    id: 'deleteSubscription',
    action: 'manage',
    summary: 'Delete it and cancel its open deliveries',
    status: 204,
    problems: [404],
  })
  delete({ id, scope }: ApiCall): Promise<void> {
    return this.subscriptions.delete(id, scope);
  }

  // Somebody else may write between this look and the writing: the core compares once more, where it writes.
  private async patchOf(call: ApiCall<object, SubscriptionPatch>): Promise<SubscriptionPatch> {
    const { id, scope, body } = call;
    const wanted = call.header('if-match');
    if (wanted === undefined || wanted === '*') return body;
    const { version } = await this.subscriptions.get(id, scope);
    if (!wanted.split(',').some((tag) => tag.trim() === etagOf(version)))
      throw new VersionConflictError(version);
    return isObject(body) ? { version, ...body } : body;
  }
}

/**
 * The input with its tenant: who has one makes subscriptions of his own only.
 *
 * @throws ForbiddenError
 */
export function ownInput<I extends SubscriptionInput>({ body, scope: { tenant } }: ApiCall<object, I>): I {
  if (tenant === undefined || !isObject(body)) return body;
  if (body.tenant !== undefined && body.tenant !== tenant) {
    throw new ForbiddenError(`tenant: You may subscribe for the tenant "${tenant}" only: leave it out.`);
  }
  return { ...body, tenant };
}

// What is none has neither tenant nor version: the core has the right words for it.
function isObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function tagged<V extends SubscriptionView>(call: ApiCall<object, unknown>, view: V): V {
  call.answerHeaders['etag'] = etagOf(view.version);
  return view;
}

function etagOf(version: number): string {
  return `"${version}"`;
}
