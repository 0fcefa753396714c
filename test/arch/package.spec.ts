import { PackedApp } from './packed-app.js';

const INSTALL_MS = 300_000;

/** A program of the application, to its end; what it said on its last line. */
async function told(app: PackedApp, program: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await app.node(program);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

describe.each(['11', '12'] as const)('the packed libraries in an empty application of Nest %s', (line) => {
  let app: PackedApp;

  beforeAll(async () => {
    app = await PackedApp.create(line);
  }, INSTALL_MS);

  afterAll(() => app?.remove());

  it('are on that line', async () => {
    expect(await app.versionOf('@nestjs/core')).toMatch(new RegExp(`^${line}\\.`));
  });

  it('deliver an event with a signature that verifies, and let the process end', async () => {
    const result = await told(app, 'main.mjs');

    expect(result).toMatchObject({ verified: true, webhookId: result['id'] });
    expect(JSON.stringify(JSON.parse(result['body'] as string))).toContain('"reference":"AGW-7"');
  });

  it('answer over HTTP, with problems and a description', async () => {
    expect(await told(app, 'api.mjs')).toEqual({
      statuses: [200, 201, 422, 200, 200],
      listed: [true],
      problem: 'SUBSCRIPTION_INVALID',
      openapi: '3.1.0',
      paths: expect.any(Number),
      webhooks: ['OrderPlaced'],
    });
  });

  it.each(['reflect-metadata', '@nestjs/common', 'typeorm'])('bring no second %s', async (name) => {
    expect(await app.copiesOf(name)).toEqual([`node_modules/${name}`]);
  });

  it('open their entry points that need no more than their peers and nothing below them', async () => {
    const entries = `await import('nestjs-webhooks'); await import('nestjs-webhooks/testing'); await import('nestjs-webhooks/receiver'); await import('@nestjs-webhooks/api');`;
    const deep = `import('nestjs-webhooks/dist/bundle/index.js').catch((error) => console.log(error.code));`;

    const { stdout, code } = await app.node('--input-type=module', '--eval', `${entries} ${deep}`);

    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ERR_PACKAGE_PATH_NOT_EXPORTED\n' });
  });

  it('can be required by a CommonJS host, without a warning', async () => {
    const source = `
      const { WebhooksModule } = require('nestjs-webhooks');
      require('nestjs-webhooks/testing');
      require('nestjs-webhooks/receiver');
      require('@nestjs-webhooks/api').WebhooksApiModule.register;
      console.log(typeof WebhooksModule.forRoot);`;

    const said = await app.node('--input-type=commonjs', '--eval', source);

    expect(said).toEqual({ code: 0, stdout: 'function\n', stderr: '' });
  });

  it('know their optional peers at their own entry points only, in code and in types', async () => {
    const known = await app.filesNaming('@opentelemetry/', '@nestjs/terminus');
    expect(known.filter((path) => !/^dist\/(bundle\/)?(telemetry|terminus)[/.]/.test(path))).toEqual([]);
    expect(known).toEqual(
      expect.arrayContaining([
        'dist/telemetry/telemetry.options.d.ts',
        'dist/bundle/telemetry.js',
        'dist/bundle/terminus.js',
      ]),
    );

    const source = `
      for (const entry of ['telemetry', 'terminus'])
        await import('nestjs-webhooks/' + entry).catch((error) => console.log(error.code));`;
    const { stdout } = await app.node('--input-type=module', '--eval', source);
    expect(stdout).toBe('ERR_MODULE_NOT_FOUND\nERR_MODULE_NOT_FOUND\n');
  });

  it.each(['webhooks', 'webhooks-api'] as const)('hold what was built of %s and nothing else', (library) => {
    const files = app.files[library];
    const foreign = files.filter(
      (path) =>
        !/^(dist\/(bundle|src|testing|receiver|telemetry|terminus)\/|package\.json$|LICENSE$|README\.md$)/.test(
          path,
        ),
    );
    const unwanted = files.filter((path) => /\.spec\.|\.map$|(?<!\.d)\.ts$/.test(path));

    expect({ foreign, unwanted }).toEqual({ foreign: [], unwanted: [] });
    expect(files).toContain('dist/src/index.d.ts');
  });

  it('have the code of the core in the bundle only, where a process loads it as one file', () => {
    const code = app.files.webhooks.filter((path) => path.endsWith('.js'));

    expect(code.filter((path) => !path.startsWith('dist/bundle/'))).toEqual([]);
    expect(code).toContain('dist/bundle/index.js');
    expect(code.length).toBeLessThan(20);
  });
});
