import { mermaid, workflowTable } from '../domain/workflow-docs.ts'
import { SETTINGS } from '../settings.ts'

/** The documents that hold generated blocks, relative to the project. */
export const DOCUMENTS = ['README.md', 'src/README.md'] as const

const BLOCKS: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  workflow: workflowTable,
  diagram: () => `\`\`\`mermaid\n${mermaid()}\n\`\`\``
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
  const rows = Object.entries(SETTINGS).map(([name, setting]) =>
    `| \`${name}\` | ${setting.default === '' ? '(empty)' : `\`${setting.default}\``} | ${setting.meaning} | ${setting.rule.replaceAll('<', '&lt;')} |`)
  return ['| Setting | Default | Meaning | Rule |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
