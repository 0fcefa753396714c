import type { Provider } from '@nestjs/common';
import { BridgedEmits } from './bridged-emits.js';
import { EmissionPublisher } from './emission.service.js';
import { EmitsWebhookExplorer } from './emits-webhook.explorer.js';
import { EventDrafts } from './event-drafts.service.js';
import { EventEmitterBridge } from './event-emitter.bridge.js';
import { WebhooksService } from './webhooks.service.js';

/** Publishing, beside what needs the data source. */
export const PUBLISHING: Provider[] = [
  BridgedEmits,
  EventDrafts,
  WebhooksService,
  EmissionPublisher,
  EmitsWebhookExplorer,
  EventEmitterBridge,
];
