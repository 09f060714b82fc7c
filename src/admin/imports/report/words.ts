import { translate } from '../../../i18n/index.ts'
import type { Locale } from '../../../paths.ts'
import type { Fault } from '../schema.ts'

/** The sentence that explains a fault, or a row that was left out. */
export function explain (locale: Locale, fault: Fault): string {
  return translate(locale, `import_rule.${fault.rule}`, { ...fault.values, value: fault.value })
}
