import { BadRequestException, Injectable } from '@nestjs/common';
import { SubscriptionsService } from 'nestjs-webhooks';
import type { AtlasClient } from './atlas-client.entity.js';
import { ATLAS_NOTIFICATIONS, atlasSubscription } from './atlas-notifications.js';

/** Has every notification of Atlas sent to the one URL that a client registers. */
@Injectable()
export class AtlasRegistration {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /**
   * Takes the place of what was registered before. A URL that was given up, because it was gone or failed for days, is
   * tried again.
   *
   * @throws SubscriptionInvalidError, TemplateError when nothing can be sent there; nothing is changed then
   * @throws SubscriptionLimitError when its consumer has as many subscriptions as the options allow; what was put until then
   *   stays, and registering again once there is room completes it
   */
  async register({ cid, consumerId }: AtlasClient, url: unknown): Promise<void> {
    if (typeof url !== 'string' || url === '') throw new BadRequestException('url is missing');
    const author = { actor: `atlas:${cid}` };
    for (const [name, notification] of Object.entries(ATLAS_NOTIFICATIONS)) {
      const wish = { ...atlasSubscription(notification, cid, url), tenant: consumerId };
      const { id, state } = await this.subscriptions.put(`atlas:${cid}:${name}`, wish, author);
      if (state === 'disabled') await this.subscriptions.enable(id, author);
    }
  }
}
