/** The application without the module: Nest, TypeORM and one table. It tells how long its process needed to be ready. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';

export async function open({ database }) {
  class HostModule {}
  Module({ imports: [TypeOrmModule.forRoot(database)] })(HostModule);
  const app = await NestFactory.createApplicationContext(HostModule, { logger: ['error', 'warn'] });
  await app.get(getDataSourceToken()).query('SELECT 1');
  const readyAfterMs = performance.now();
  return { readyAfterMs: () => readyAfterMs, close: () => app.close() };
}
