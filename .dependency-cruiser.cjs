const SPEC = '\\.spec\\.ts$';

/** `retry-schedule.ts`: no role suffix, so plain TypeScript. */
const BARE = '^libs/.+/[^/.]+\\.ts$';
const MANIFEST = '^libs/[^/]+/package\\.json$';
const BARREL = '^libs/[^/]+/(src|testing|receiver|telemetry|terminus)/index\\.ts$';
const RECEIVER = '^libs/webhooks/receiver/';

/** Type-only imports vanish when compiled: they bind no library and close no circle at load time. */
const AT_RUN_TIME = { dependencyTypesNot: ['type-only'] };

const folder = (...names) => `^libs/webhooks/src/(${names.join('|')})/`;
const pack = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;

/** A folder and what it must not know, lowest first. The files of the root (module, facade, options) know them all. */
const LAYERS = [
  {
    name: 'foundations-know-no-feature',
    from: ['errors', 'internal'],
    to: [
      'catalog',
      'templates',
      'signing',
      'subscriptions',
      'publishing',
      'scheduling',
      'dispatch',
      'history',
      'trials',
    ],
    and: ['transport', 'storage'],
  },
  {
    name: 'building-blocks-know-no-use-case',
    from: ['catalog', 'templates', 'signing', 'transport'],
    to: ['subscriptions', 'publishing', 'scheduling', 'dispatch', 'history', 'trials'],
    and: ['storage'],
  },
  {
    name: 'subscriptions-know-no-delivery',
    from: ['subscriptions'],
    to: ['publishing', 'scheduling', 'dispatch', 'history', 'trials'],
    and: [],
  },
];

const layers = LAYERS.map(({ name, from, to, and }) => ({
  name,
  comment: 'Rule 3: errors, internal ← catalog, templates, signing ← subscriptions ← the rest.',
  severity: 'error',
  from: { path: folder(...from), pathNot: SPEC },
  to: { path: folder(...to, ...and) },
}));

const OWNERS = [
  { name: 'only-storage-knows-typeorm', owner: 'storage', packages: ['typeorm', '@nestjs/typeorm'] },
  { name: 'only-transport-knows-http', owner: 'transport', packages: ['axios', '@nestjs/axios', 'undici'] },
  { name: 'only-templates-knows-liquidjs', owner: 'templates', packages: ['liquidjs'] },
];

const owners = OWNERS.map(({ name, owner, packages }) => ({
  name,
  comment: `Rule 4: only ${owner}/ imports ${packages.join(', ')} at run time.`,
  severity: 'error',
  from: { path: '^libs/[^/]+/(src|testing|receiver|telemetry|terminus)/', pathNot: [folder(owner), SPEC] },
  to: { path: pack(...packages), ...AT_RUN_TIME },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Rule 1: decorated classes in a circle throw when they are loaded.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: AT_RUN_TIME },
    },
    {
      name: 'bare-files-are-plain',
      comment:
        'Rule 2: a file without a role suffix imports node: modules, other bare files and the listed pure packages. ' +
        'Give the file its role (.service .store .provider …) or move what needs the framework.',
      severity: 'error',
      from: { path: BARE, pathNot: BARREL },
      to: {
        pathNot: [BARE, pack('ipaddr\\.js', 'liquidjs')],
        dependencyTypesNot: ['type-only', 'core'],
      },
    },
    ...layers,
    ...owners,
    {
      name: 'receiver-knows-the-foundations-only',
      comment: 'Rule 3: who receives webhooks does not send any. Only its replay store knows storage/.',
      severity: 'error',
      from: { path: RECEIVER, pathNot: SPEC },
      to: {
        path: ['^libs/webhooks/testing/', '^libs/webhooks/src/'],
        pathNot: [folder('errors', 'internal', 'signing', 'storage')],
      },
    },
    {
      name: 'only-the-replay-store-knows-storage',
      comment: 'Rule 4: a receiver that remembers in memory needs no database.',
      severity: 'error',
      from: { path: RECEIVER, pathNot: ['^libs/webhooks/receiver/replay/', SPEC] },
      to: { path: folder('storage') },
    },
    {
      name: 'receiver-loads-databases-lazily',
      comment: 'Rule 4: storage/ imports TypeORM; "await import()" keeps it out until a store is used.',
      severity: 'error',
      from: { path: RECEIVER, pathNot: SPEC },
      to: {
        path: folder('storage'),
        pathNot: '/(sql|schema|webhooks\\.migrations)\\.ts$',
        dynamic: false,
        ...AT_RUN_TIME,
      },
    },
    {
      name: 'core-knows-no-receiver',
      comment: 'Rule 5: the receiver is built on the core, not the other way round.',
      severity: 'error',
      from: { path: '^libs/webhooks/(src|testing)/' },
      to: { path: RECEIVER },
    },
    {
      name: 'core-knows-no-optional-peer',
      comment:
        'Rule 5: OpenTelemetry and Terminus are loaded by the entry points that need them, and those by nobody.',
      severity: 'error',
      from: { path: '^libs/webhooks/(src|testing|receiver)/' },
      to: { path: ['^libs/webhooks/(telemetry|terminus)/', pack('@opentelemetry', '@nestjs/terminus')] },
    },
    {
      name: 'nobody-imports-his-own-barrel',
      comment: 'Rule 5: the barrel is for the others; it would close a circle.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/(src|testing|receiver|telemetry|terminus)/' },
      to: { path: '^libs/$1/$2/index\\.ts$' },
    },
    {
      name: 'apps-and-tests-enter-at-the-barrel',
      comment: 'Rule 5: what is not exported can change any day.',
      severity: 'error',
      from: { path: '^(apps|test|benchmarks)/' },
      to: { path: '^libs/', pathNot: [BARREL, MANIFEST] },
    },
    {
      name: 'libs-enter-at-the-barrel',
      comment: 'Rule 5: one library knows of another what its package exports.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', BARREL, MANIFEST] },
    },
    {
      name: 'core-knows-no-sibling',
      comment: 'Rule 5: the core works without its companions.',
      severity: 'error',
      from: { path: '^libs/webhooks/' },
      to: { path: ['^libs/webhooks-', pack('@nestjs-webhooks')] },
    },
    {
      name: 'companions-stay-apart',
      comment: 'Rule 5: api and portal never import each other.',
      severity: 'error',
      from: { path: '^libs/webhooks-(api|portal)/' },
      to: {
        path: ['^libs/webhooks-(api|portal)/', pack('@nestjs-webhooks/(api|portal)')],
        pathNot: ['^libs/webhooks-$1/'],
      },
    },
    {
      name: 'libs-never-import-apps',
      comment: 'Rule 5: a library does not know who uses it.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-import-below-a-nest-root',
      comment: 'Rule 6: what lies below the root of a Nest package moves without notice.',
      severity: 'error',
      from: {},
      to: {
        path: '(^|node_modules/)@nestjs/[^/]+/.',
        pathNot: 'node_modules/@nestjs/[^/]+/(dist/)?index\\.(js|cjs|d\\.ts)$',
      },
    },
    {
      name: 'production-imports-no-tests',
      comment:
        'Rule 7: production code imports neither specs nor testing/ nor test/. The demo plays the receiver.',
      severity: 'error',
      from: {
        path: '^(libs|apps)/[^/]+/(src|receiver|telemetry|terminus)/',
        pathNot: [SPEC, '^apps/[^/]+/src/demo/'],
      },
      to: { path: [SPEC, '^libs/[^/]+/testing/', '^test/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs|apps)/[^/]+/(dist|coverage)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['@nestjs-webhooks/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
