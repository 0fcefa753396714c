import tseslint from 'typescript-eslint';
import { houseRules } from './scripts/eslint-rules.mjs';

const SPECS = ['**/*.spec.ts', 'test/**'];
const TOOLS = ['benchmarks/**', 'scripts/**', '*.js', '*.cjs'];

/** Whose parameters are dependencies that Nest hands in. */
const INJECTED = 'MethodDefinition[kind="constructor"], Property[key.name="useFactory"]';

const NO_DEFAULT_EXPORT = [
  {
    selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
    message: 'No default exports: a thing has one name everywhere.',
  },
];

const HOUSE = [
  { selector: 'TSEnumDeclaration', message: 'No enums: use a const object and a union type.' },
  {
    selector:
      ':matches(ImportSpecifier[imported.name="forwardRef"], CallExpression[callee.name="forwardRef"])',
    message: 'No forwardRef: break the circle.',
  },
  {
    selector: 'PropertyDefinition[static=true][readonly!=true]',
    message: 'No mutable statics: state belongs to an instance that a test can make anew.',
  },
  {
    selector: 'PropertyDefinition[static=true] > NewExpression[callee.name=/^(Weak)?(Map|Set)$|^Array$/]',
    message: 'No mutable statics: a readonly collection is still one.',
  },
  {
    selector: `:matches(${INJECTED}) > :function[params.length>6]`,
    message: 'A class has at most 6 dependencies: it does two things.',
  },
  {
    selector: `:not(${INJECTED}) > :matches(:function, TSDeclareFunction, TSEmptyBodyFunctionExpression)[params.length>4]`,
    message: 'A function has at most 4 parameters: pass an object.',
  },
];

const SPEC_HABITS = [
  {
    selector:
      'CallExpression > MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|failing)$/]',
    message: 'Every test runs: none is skipped, alone or still to do.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'Every test runs: none is skipped or alone.',
  },
];

const CORRECTNESS = {
  eqeqeq: 'error',
  'no-async-promise-executor': 'error',
  'no-constant-binary-expression': 'error',
  'no-fallthrough': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-template-curly-in-string': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-useless-catch': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'require-yield': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
};

const BUDGETS = {
  'max-lines': ['error', 250],
  'max-lines-per-function': ['error', 40],
  complexity: ['error', 8],
  'max-depth': ['error', 3],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
  'no-restricted-syntax': ['error', ...HOUSE],
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/coverage/',
      '**/.cache/',
      'test/fixtures/',
      'apps/*/src/demo/expected/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { house: houseRules } },
  { rules: { ...CORRECTNESS, ...BUDGETS, 'house/kebab-case-file': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      // Without types the rule must be told that a constructor's type is a value under decorators.
      parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-syntax': ['error', ...HOUSE, ...NO_DEFAULT_EXPORT],
      'house/small-ports': 'error',
    },
  },
  { files: ['libs/**'], rules: { 'no-console': 'error' } },
  {
    // The few rules that need types and are worth three seconds: a promise nobody waits for is a lost delivery.
    files: ['libs/*/{src,testing,receiver,telemetry,terminus}/**/*.ts', 'apps/*/src/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: SPECS,
    rules: {
      // A describe callback is a table of contents, not a function.
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 300],
      'max-nested-callbacks': ['error', 5],
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...HOUSE, ...NO_DEFAULT_EXPORT, ...SPEC_HABITS] },
  },
  { files: TOOLS, rules: { 'max-lines-per-function': ['error', 80] } },
);
