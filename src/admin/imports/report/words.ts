import { translate } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import type { Fault } from '../schema.ts'

/** The sentence that explains a fault, or a row that was left out. A rule with a dot in its name is a sentence of the form for complaints. */
export function explain (locale: Locale, fault: Fault): string {
  if (fault.rule.includes('.')) return translate(locale, fault.rule, fault.values)
  return translate(locale, `import_rule.${fault.rule}`, { ...fault.values, value: fault.value })
}
