import tseslint from 'typescript-eslint';
import { importDirections } from './scripts/import-directions.mjs';

const typescript = ['**/*.ts', '**/*.tsx', '**/*.mts'];
const product = [
  'bin',
  'cli',
  'planning',
  'generators',
  'platform',
  'lab',
  'errors',
  'protocol',
  'engine',
  'following',
  'autoscaling',
  'pages',
  'checks',
  'lessons',
  'runtimes',
  'templates',
  'testing',
];
const pure = [
  'errors',
  'protocol',
  'planning',
  'generators',
  'autoscaling/agents',
  'autoscaling/labels',
  'autoscaling/rule',
];
const sources = (folders) => folders.map((folder) => `${folder}/**/*.{ts,tsx}`);

const noEnum = {
  selector: 'TSEnumDeclaration',
  message: 'No enums: use a union of literals, or an `as const` object.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
  message: 'No barrels: import from the file that declares it.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'No default exports: name what is exported.',
};
const noDate = {
  selector: ':matches(NewExpression, CallExpression)[callee.name="Date"]',
  message: 'No clock in a pure layer.',
};
const noExit = {
  object: 'process',
  property: 'exit',
  message: 'Only bin ends the process: throw, or set an exit code.',
};

// Of ESLint's own rules, those that find bugs TypeScript does not.
const eslintRules = Object.fromEntries(
  [
    ...[
      'eqeqeq',
      'no-cond-assign',
      'no-constant-condition',
      'no-empty',
      'no-misleading-character-class',
      'no-self-assign',
    ],
    ...['no-unsafe-finally', 'no-unsafe-optional-chaining', 'no-useless-escape', 'no-var', 'prefer-const'],
  ].map((rule) => [rule, 'error']),
);

const impure = (names) =>
  names.map((name) => ({ name, message: 'Pure layers use no clock, no randomness, no process.' }));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.bench/', '.ci/', 'compose/', 'examples/', 'test/golden/'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { house: { rules: { importDirections } } },
  },
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-syntax': ['error', noEnum, noBarrel, noDefaultExport],
      ...eslintRules,
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          ignoreRestSiblings: true,
          argsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          varsIgnorePattern: '^_$',
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/prefer-readonly': 'error',
    },
  },
  {
    files: sources(product),
    rules: {
      'house/importDirections': 'error',
      'no-restricted-properties': ['error', noExit],
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  // Markup has a line for each element.
  {
    files: ['pages/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }] },
  },
  // All words of the page.
  { files: ['pages/app/words.ts'], rules: { 'max-lines': 'off' } },
  // Tables of facts.
  { files: ['planning/flag-tables/**'], rules: { 'max-lines': 'off' } },
  { files: sources(['bin']), rules: { 'no-restricted-properties': 'off' } },
  {
    files: sources(pure),
    rules: {
      'no-restricted-globals': [
        'error',
        ...impure(['process', 'console', 'performance', 'crypto', 'fetch', 'globalThis']),
        ...impure(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']),
      ],
      'no-restricted-properties': [
        'error',
        noExit,
        { object: 'Date', property: 'now', message: 'No clock in a pure layer.' },
        { object: 'Math', property: 'random', message: 'No randomness in a pure layer.' },
      ],
      'no-restricted-syntax': ['error', noEnum, noBarrel, noDefaultExport, noDate],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['mock', 'doMock'].map((property) => ({ object: 'vi', property, message: 'Pass dependencies in.' })),
      ],
      // A test may say what it knows: a wrong guess fails it.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['*.config.ts', '**/*.d.ts'], rules: { 'no-restricted-syntax': ['error', noEnum] } },
);
