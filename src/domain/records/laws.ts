import { writeNumeral } from './citations.ts'

/** The statutes on which our guidance rests: official name, and an English name of ours for English pages. Each article cited was read in its text. */
export const LAWS = {
  penalty: { name: '中华人民共和国行政处罚法', en: 'Administrative Penalty Law' },
  coercion: { name: '中华人民共和国行政强制法', en: 'Administrative Compulsion Law' },
  permit: { name: '中华人民共和国行政许可法', en: 'Administrative Licensing Law' },
  reconsideration: { name: '中华人民共和国行政复议法', en: 'Administrative Reconsideration Law' },
  reconsideration_rules: { name: '中华人民共和国行政复议法实施条例', en: 'Regulation implementing the Administrative Reconsideration Law' },
  litigation: { name: '中华人民共和国行政诉讼法', en: 'Administrative Litigation Law' },
  compensation: { name: '中华人民共和国国家赔偿法', en: 'State Compensation Law' },
  disclosure: { name: '中华人民共和国政府信息公开条例', en: 'Regulation on Open Government Information' },
  supervision: { name: '行政执法监督条例', en: 'Regulation on Supervision of Administrative Enforcement' },
  petition: { name: '信访工作条例', en: 'Regulation on Petition Work' },
  business: { name: '优化营商环境条例', en: 'Regulation on Improving the Business Environment' },
  private_economy: { name: '中华人民共和国民营经济促进法', en: 'Private Economy Promotion Law' },
  civil_code: { name: '中华人民共和国民法典', en: 'Civil Code' },
  civil_procedure: { name: '中华人民共和国民事诉讼法', en: 'Civil Procedure Law' }
} as const
export type LawKey = keyof typeof LAWS

/** One place in a statute: article, paragraph (款), item (项). */
export interface Citation { law: LawKey, article: number, paragraph?: number, item?: number }

/** As official texts cite it: 《行政处罚法》第五十五条第一款. */
export function citeChinese ({ law, article, paragraph, item }: Citation): string {
  const parts = [[article, '条'], [paragraph, '款'], [item, '项']] as const
  return `《${LAWS[law].name.replace('中华人民共和国', '')}》${parts.map(([no, unit]) => no === undefined ? '' : `第${writeNumeral(no)}${unit}`).join('')}`
}

/** As English pages cite it: Administrative Penalty Law, article 55(1), with items after a comma. */
export function citeEnglish ({ law, article, paragraph, item }: Citation): string {
  return `${LAWS[law].en}, article ${article}${paragraph === undefined ? '' : `(${paragraph})`}${item === undefined ? '' : `, item ${item}`}`
}
