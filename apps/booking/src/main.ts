import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { bookingConfig } from './config.js';
import { seed } from './database/seed.js';

const config = bookingConfig(process.env);
const app = await NestFactory.create(AppModule.forRoot(config));
// Without it SIGTERM would end the process in the middle of deliveries.
app.enableShutdownHooks();
await seed(app.get(DataSource));
await app.listen(config.port);
