import neostandard from 'neostandard'

const house = {
  'no-console': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme'] }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  // A table of rules reads best with one row a line.
  '@stylistic/object-property-newline': 'off',
  // A schema and its type share one name; the compiler finds real redeclarations.
  '@typescript-eslint/no-redeclare': 'off',
  'max-params': ['error', 5],
  complexity: ['error', 15]
}

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...neostandard({ ts: true, env: ['browser'], ignores: ['node_modules/', 'public/build/', 'data/', '.tap/', '.cache/'] }),
  { files: ['**/*.js', '**/*.ts'], rules: house },
  { files: ['src/cli/**', 'src/launch/**', 'bench/**'], rules: { 'no-console': 'off' } },
  // A test tells a whole story, and a migration is one long list.
  { files: ['test/**', 'migrations/**', 'bench/**'], rules: { 'max-lines-per-function': 'off', complexity: 'off' } }
]
