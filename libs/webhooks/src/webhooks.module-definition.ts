import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { WebhooksOptions } from './webhooks.options.js';

/** `forRoot`, `forRootAsync` and the token of the option values. Structure is the facade's matter. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<WebhooksOptions>().setClassMethodName('forRoot').build();
