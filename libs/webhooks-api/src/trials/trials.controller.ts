import { Post } from '@nestjs/common';
import type { Preview, PreviewInput, TestSend, TrialEvent } from 'nestjs-webhooks';
import { TrialsService } from 'nestjs-webhooks';
import { ApiController } from '../operations/api-controller.decorator.js';
import type { ApiCall } from '../operations/api-call.js';
import { Operation } from '../operations/operation.decorator.js';
import { PathId } from '../operations/path-id.decorator.js';
import { ownInput } from '../subscriptions/subscriptions.controller.js';
import { PreviewInputModel, PreviewModel, TestSendModel, TRIAL_EVENT } from './trial.model.js';

/** Trying subscriptions out. */
@ApiController('', 'Trying out')
export class TrialsController {
  constructor(private readonly trials: TrialsService) {}

  @Post('preview')
  @Operation({
    id: 'previewRequest',
    action: 'read',
    summary: 'The exact requests that a subscription would send, or what is wrong with it',
    description: 'Nothing is stored and nothing is sent.',
    body: PreviewInputModel,
    answer: PreviewModel,
    problems: [422, 429],
  })
  preview(call: ApiCall<object, PreviewInput>): Promise<Preview> {
    return this.trials.preview(ownInput(call));
  }

  @Post('subscriptions/:id/test')
  @PathId()
  @Operation({
    id: 'sendTest',
    action: 'send',
    summary: 'Send the sample, or given data, marked `webhook-test: true`',
    description: 'It is stored when this answers; what became of it shows the delivery at `Location`.',
    body: TRIAL_EVENT,
    status: 202,
    answer: TestSendModel,
    answerHeaders: { Location: 'The delivery to look at.' },
    problems: [404, 409, 422, 429],
  })
  async test(call: ApiCall<object, TrialEvent>): Promise<TestSend> {
    const sent = await this.trials.send(call.id, call.body, call.scope);
    call.locate(`../../deliveries/${sent.delivery_id}`);
    return sent;
  }
}
