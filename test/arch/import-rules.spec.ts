import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, ROOT } from './cruise.js';

const CORE = 'libs/webhooks/src';
const RECEIVER = 'libs/webhooks/receiver';

/** The rule that a file breaks, the file, its text. */
const SEEDED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['no-cycles', `${CORE}/dispatch/one.service.ts`, `import '../history/two.service.js';`],
  ['bare-files-are-plain', `${CORE}/dispatch/bare.ts`, `import '@nestjs/common';`],
  ['bare-files-are-plain', `${CORE}/dispatch/bare-user.ts`, `import './legal.service.js';`],
  ['foundations-know-no-feature', `${CORE}/errors/curious-error.ts`, `import '../catalog/legal.js';`],
  ['foundations-know-no-feature', `${CORE}/internal/curious.ts`, `import '../catalog/legal.js';`],
  ['building-blocks-know-no-use-case', `${CORE}/templates/high.ts`, `import '../subscriptions/legal.js';`],
  ['building-blocks-know-no-use-case', `${CORE}/transport/high.ts`, `import '../publishing/legal.js';`],
  ['subscriptions-know-no-delivery', `${CORE}/subscriptions/high.ts`, `import '../publishing/legal.js';`],
  ['only-storage-knows-typeorm', `${CORE}/history/reader.store.ts`, `import 'typeorm';`],
  ['only-storage-knows-typeorm', `${CORE}/history/host.module.ts`, `import '@nestjs/typeorm';`],
  ['only-transport-knows-http', `${CORE}/dispatch/sender.service.ts`, `import 'axios';`],
  ['only-transport-knows-http', `${CORE}/dispatch/http.module.ts`, `import '@nestjs/axios';`],
  ['only-templates-knows-liquidjs', `${CORE}/dispatch/engine.service.ts`, `import 'liquidjs';`],
  [
    'receiver-knows-the-foundations-only',
    `${RECEIVER}/sender.guard.ts`,
    `import '../src/publishing/legal.js';`,
  ],
  [
    'only-the-replay-store-knows-storage',
    `${RECEIVER}/rows.guard.ts`,
    `await import('../src/storage/legal.store.js');`,
  ],
  [
    'receiver-loads-databases-lazily',
    `${RECEIVER}/replay/eager.store.ts`,
    `import '../../src/storage/legal.store.js';`,
  ],
  ['only-storage-knows-typeorm', `${RECEIVER}/replay/orm.store.ts`, `import 'typeorm';`],
  ['core-knows-no-receiver', `${CORE}/received.module.ts`, `import '../receiver/legal.guard.js';`],
  ['core-knows-no-optional-peer', `${CORE}/dispatch/watched.service.ts`, `import '@opentelemetry/api';`],
  ['core-knows-no-optional-peer', `${CORE}/healthy.module.ts`, `import '../terminus/index.js';`],
  ['nobody-imports-his-own-barrel', `${RECEIVER}/lazy.guard.ts`, `import './index.js';`],
  ['production-imports-no-tests', `${RECEIVER}/cheat.guard.ts`, `import '../src/signing/legal.spec.js';`],
  ['nobody-imports-his-own-barrel', `${CORE}/dispatch/lazy.service.ts`, `import '../index.js';`],
  [
    'apps-and-tests-enter-at-the-barrel',
    'test/e2e/shortcut.spec.ts',
    `import '../../libs/webhooks/src/signing/legal.js';`,
  ],
  [
    'libs-enter-at-the-barrel',
    'libs/webhooks-api/src/shortcut.ts',
    `import '../../webhooks/src/signing/legal.js';`,
  ],
  ['core-knows-no-sibling', `${CORE}/up.module.ts`, `import '../../webhooks-api/src/index.js';`],
  [
    'companions-stay-apart',
    'libs/webhooks-portal/src/neighbour.ts',
    `import '../../webhooks-api/src/index.js';`,
  ],
  ['libs-never-import-apps', `${CORE}/booked.module.ts`, `import '../../../apps/booking/src/legal.js';`],
  [
    'no-import-below-a-nest-root',
    'apps/booking/src/deep.module.ts',
    `import '@nestjs/common/utils/shared.utils.js';`,
  ],
  ['no-import-below-a-nest-root', 'apps/booking/src/inner.module.ts', `import '@nestjs/common/internal';`],
  ['production-imports-no-tests', `${CORE}/signing/cheat.service.ts`, `import './legal.spec.js';`],
  [
    'production-imports-no-tests',
    `${CORE}/signing/cheat-too.service.ts`,
    `import '../../testing/receiver.js';`,
  ],
  [
    'production-imports-no-tests',
    'apps/booking/src/cheat.ts',
    `import '../../../libs/webhooks/testing/index.js';`,
  ],
];

/** What the rules must let through, and what the seeded files import. */
const LEGAL: Readonly<Record<string, string>> = {
  [`${CORE}/index.ts`]: `export * from './webhooks.module.js';`,
  [`${CORE}/webhooks.module.ts`]: `import '@nestjs/common'; import './dispatch/legal.service.js'; import './storage/legal.store.js';`,
  [`${CORE}/catalog/legal.ts`]: `import 'node:crypto'; import '../internal/legal.js';`,
  [`${CORE}/internal/legal.ts`]: `export const legal = 1;`,
  [`${CORE}/subscriptions/legal.ts`]: `import '../signing/legal.js'; import '../templates/legal.js';`,
  [`${CORE}/publishing/legal.ts`]: `import type { EntityManager } from 'typeorm'; export type Manager = EntityManager;`,
  [`${CORE}/signing/legal.ts`]: `export const legal = 1;`,
  [`${CORE}/signing/legal.spec.ts`]: `import './legal.js';`,
  [`${CORE}/templates/legal.ts`]: `import 'liquidjs'; import 'ipaddr.js';`,
  [`${CORE}/transport/legal.transport.ts`]: `import 'axios'; import '@nestjs/axios'; import 'undici';`,
  [`${CORE}/storage/legal.store.ts`]: `import 'typeorm'; import '@nestjs/typeorm'; import '../dispatch/legal.service.js';`,
  [`${CORE}/history/two.service.ts`]: `import '../dispatch/one.service.js';`,
  [`${CORE}/dispatch/legal.service.ts`]: `import '@nestjs/common'; import type { S } from '../storage/legal.store.js'; export type T = S;`,
  'libs/webhooks/testing/receiver.ts': `import 'node:http'; import '../src/signing/legal.js';`,
  'libs/webhooks/testing/index.ts': `export * from './receiver.js';`,
  [`${RECEIVER}/legal.guard.ts`]: `import '@nestjs/common'; import '../src/signing/legal.js'; import '../src/internal/legal.js';`,
  [`${RECEIVER}/replay/legal.store.ts`]: `import '../../src/storage/sql.js'; await import('../../src/storage/legal.store.js');`,
  [`${RECEIVER}/index.ts`]: `export * from './legal.guard.js';`,
  [`${CORE}/storage/sql.ts`]: `export const legal = 1;`,
  'libs/webhooks/terminus/index.ts': `import '../src/signing/legal.js'; import '@nestjs/terminus';`,
  'libs/webhooks-api/src/index.ts': `import '../../webhooks/src/index.js';`,
  'apps/booking/src/legal.ts': `import '../../../libs/webhooks/src/index.js';`,
  'apps/booking/src/demo/legal.ts': `import '../../../../libs/webhooks/testing/index.js';`,
  'test/support/legal.ts': `import '../../libs/webhooks/testing/index.js'; import 'typeorm';`,
  'test/support/receiver.ts': `import '../../libs/webhooks/receiver/index.js';`,
};

async function plant(folder: string): Promise<void> {
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const seeded = SEEDED.map(([, file, text]) => [file, text] as const);
  const files = [...Object.entries(LEGAL), ...seeded, ['tsconfig.json', '{}'] as const];
  for (const [file, text] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

describe('the import rules', () => {
  it('hold in this repository', async () => {
    const { violations, modules } = await cruise(ROOT, ['libs', 'apps', 'test']);

    expect(violations).toEqual([]);
    expect(modules).toBeGreaterThan(10);
  });

  it('report each seeded violation, and nothing that is allowed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'webhooks-rules-'));
    try {
      await plant(folder);
      const { violations } = await cruise(folder, ['libs', 'apps', 'test']);

      const found = violations.map(({ rule, from }) => `${rule}: ${from}`);
      const expected = SEEDED.map(([rule, file]) => `${rule}: ${file}`);
      expect([...new Set(found)].sort()).toEqual(expected.sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('have a seeded violation each', async () => {
    const { rules } = await cruise(ROOT, ['test/arch']);

    expect(new Set(SEEDED.map(([rule]) => rule))).toEqual(new Set(rules));
  });
});
