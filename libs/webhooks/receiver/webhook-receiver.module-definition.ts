import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { WebhookReceiverOptions } from './webhook-receiver.options.js';

/** `forRoot`, `forRootAsync` and the token of the options. Global, because guards live in the modules of their controllers. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<WebhookReceiverOptions>()
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();

/** Token of the options with every default filled in. */
export const RECEIVER_SETTINGS = Symbol('RECEIVER_SETTINGS');
