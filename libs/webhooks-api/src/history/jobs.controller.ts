import { Get, Post } from '@nestjs/common';
import type { JobPage, JobQuery, JobView, RecoverInput, ReplayInput } from 'nestjs-webhooks';
import { JobsService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { flag, text, texts, time, type Fields } from '../operations/fields.js';
import { PAGE } from '../operations/list-fields.js';
import type { OperationOptions } from '../operations/operation-options.js';
import { Operation } from '../operations/operation.decorator.js';
import { PathId } from '../operations/path-id.decorator.js';
import { JobModel, JobPageModel } from './job.model.js';

const RANGE: Fields = {
  since: time('Events that were published from then on.', { required: true }),
  until: time('Up to and including then. Left out: now.'),
};

const BEGUN = {
  action: 'send',
  status: 202,
  answer: JobModel,
  answerHeaders: { Location: 'The job to look at.' },
  problems: [404, 409, 422, 429],
} satisfies Partial<OperationOptions>;

/** Sending many events again, in the background. */
@ApiController('', 'Jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Post('subscriptions/:id/recover')
  @PathId()
  @Operation({ ...BEGUN, id: 'recover', summary: 'Send everything again that failed', body: RANGE })
  recover(call: ApiCall<object, RecoverInput>): Promise<JobView> {
    return begun(call, this.jobs.recover(call.id, call.body, call.scope));
  }

  @Post('subscriptions/:id/replay')
  @PathId()
  @Operation({
    ...BEGUN,
    id: 'replay',
    summary: 'Send every event that matches, also those that were never attempted',
    body: {
      ...RANGE,
      event_types: texts('Of what the subscription asks for, only these. Left out: all of it.'),
      dry_run: flag('Count what would be sent, and send nothing.', { default: false }),
    },
  })
  replay(call: ApiCall<object, ReplayInput>): Promise<JobView> {
    return begun(call, this.jobs.replay(call.id, call.body, call.scope));
  }

  @Get('jobs')
  @Operation({
    id: 'listJobs',
    action: 'read',
    summary: 'A page of jobs, newest first',
    query: { subscription: text('Id of a subscription.'), ...PAGE },
    answer: JobPageModel,
  })
  list({ query, scope }: ApiCall<JobQuery & { subscription?: string }>): Promise<JobPage> {
    const { subscription, limit, cursor } = query;
    return this.jobs.list({ subscription_id: subscription, limit, cursor }, scope);
  }

  @Get('jobs/:id')
  @PathId()
  @Operation({
    id: 'getJob',
    action: 'read',
    summary: 'One job and how far it is',
    answer: JobModel,
    problems: [404],
  })
  get({ id, scope }: ApiCall): Promise<JobView> {
    return this.jobs.get(id, scope);
  }

  @Post('jobs/:id/cancel')
  @PathId()
  @Operation({
    id: 'cancelJob',
    action: 'send',
    summary: 'End it, and give up what it has opened and nobody has begun to send',
    answer: JobModel,
    problems: [404, 409],
  })
  cancel({ id, scope }: ApiCall): Promise<JobView> {
    return this.jobs.cancel(id, scope);
  }
}

async function begun(call: ApiCall<object, object>, beginning: Promise<JobView>): Promise<JobView> {
  const job = await beginning;
  call.locate(`../../jobs/${job.id}`);
  return job;
}
