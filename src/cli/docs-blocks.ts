import { PERMISSIONS } from '../domain/process/permissions.ts'
import { mermaid, workflowTable } from '../domain/process/workflow-docs.ts'
import { ERRORS } from '../errors.ts'
import { translate } from '../i18n/index.ts'
import { APART, type Job } from '../jobs/table.ts'
import { ROUTES } from '../paths.ts'
import { SETTINGS } from '../settings.ts'
import { requirements } from './requirements.ts'

/** The documents that hold generated blocks, relative to the project. */
export const DOCUMENTS = ['README.md', 'src/README.md'] as const

const BLOCKS: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  workflow: workflowTable,
  diagram: () => `\`\`\`mermaid\n${mermaid()}\n\`\`\``,
  permissions: permissionsTable,
  errors: errorsTable,
  routes: routesTable,
  requirements: requirementsTable,
  jobs: jobsTable
}

/** The text with every block between `<!-- begin name -->` and `<!-- end name -->` written anew. Throws for an unknown name. */
export function refreshBlocks (text: string): string {
  return text.replace(/(<!-- begin (\w+) -->\n)[^]*?(<!-- end \2 -->)/g, (_whole, begin: string, name: string, end: string) => {
    const block = BLOCKS[name]
    if (block === undefined) throw new Error(`no block is called ${name}; known: ${Object.keys(BLOCKS).join(', ')}`)
    return `${begin}${block()}\n${end}`
  })
}

function settingsTable (): string {
  return table(['Setting', 'Default', 'Meaning', 'Rule'], Object.entries(SETTINGS).map(([name, setting]) =>
    [`\`${name}\``, setting.default === '' ? '(empty)' : `\`${setting.default}\``, setting.meaning, setting.rule.replaceAll('<', '&lt;')]))
}

function permissionsTable (): string {
  return table(['Permission', 'Roles'], Object.entries(PERMISSIONS).map(([name, roles]) => [`\`${name}\``, name === 'public' ? 'everybody' : roles.join(', ')]))
}

function errorsTable (): string {
  return table(['Code', 'Status', 'Said in Chinese', 'Said in English'], Object.entries(ERRORS).map(([code, status]) =>
    [`\`${code}\``, String(status), translate('zh-CN', `error.${code}`), translate('en', `error.${code}`)]))
}

function routesTable (): string {
  return table(['Route', 'Address'], Object.entries(ROUTES).map(([name, address]) => [`\`${name}\``, `\`${address}\``]))
}

function requirementsTable (): string {
  return table(['', 'What is promised', 'Shown by, under `test/`'], requirements().map(({ id, wording, files }) => [id, wording, files.length === 0 ? '**open**' : files.map(file => `\`${file}\``).join(', ')]))
}

function jobsTable (): string {
  const often = (every: number): string => every < 3_600_000 ? `${every / 60_000} min` : `${every / 3_600_000} h`
  return table(['Job', 'How often', 'What it does'], [
    ['`letters`', '5 s and 1 min', 'writes and sends letters, forgets sessions and addresses that are over'],
    ...Object.entries<Job>(APART).map(([name, { every, does }]) => [`\`${name}\``, often(every), does])
  ])
}

function table (head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
