/**
 * What a complaint can be about (行政执法监督条例 11, 12). `sources` were read in the statute; `unverified` are local rules known only at
 * second hand (the 2003 Shenyang measure, provincial rules, 国办发〔2024〕54号), never shown as law. `prohibition` is the number of the city's
 * prohibition on the same conduct. `elsewhere` marks what the bureau hands to another body.
 */
export interface Ground { sources: readonly string[], unverified?: readonly string[], prohibition?: number, elsewhere?: 'discipline' }

const REG = '《行政执法监督条例》'
const PENALTY = '《中华人民共和国行政处罚法》'
const COERCION = '《中华人民共和国行政强制法》'
const PRIVATE = '《中华人民共和国民营经济促进法》'
const SHENYANG = '《沈阳市受理行政执法投诉办法》（2003）'

export const GROUNDS = {
  G01: { sources: [`${REG}第十一条第二款第一项、第六项`, `${PENALTY}第四十二条、第五十五条`] },
  G02: { sources: [`${REG}第十一条第二款第二项`], unverified: [`${SHENYANG}（四）`] },
  G03: { sources: [`${REG}第十一条第二款第三项`], prohibition: 5 },
  G04: { sources: [`${REG}第十一条第二款第四项`], unverified: [`${SHENYANG}（七）`] },
  G05: { sources: [`${REG}第十一条第二款第四项`], unverified: [`${SHENYANG}（三）`], prohibition: 5 },
  G06: { sources: [`${REG}第十一条第二款第四项`, `${PENALTY}第六十七条`], unverified: [`${SHENYANG}（二）（六）`] },
  G07: { sources: [`${REG}第十一条第二款第四项`], unverified: ['国办发〔2024〕54号'], prohibition: 4 },
  G08: { sources: [`${REG}第十一条第二款第四项`, `${COERCION}第二十三条`], prohibition: 6 },
  G09: { sources: [`${REG}第十一条第二款第四项`, `${PRIVATE}第六十四条`] },
  G10: { sources: [`${REG}第十一条第一款`], unverified: [`${SHENYANG}（一）`], prohibition: 3 },
  G11: { sources: [`${PENALTY}第四十四条`], unverified: [`${SHENYANG}（五）`] },
  G12: { sources: [`${REG}第十一条第二款第五项、第六项`] },
  G13: { sources: [`${REG}第十二条第七项`], unverified: ['《四川省行政执法监督条例》第三十三条第四项'], prohibition: 1 },
  G14: { sources: ['《优化营商环境条例》第六十九条第七项'], prohibition: 2 },
  G15: { sources: [`${REG}第十二条第二项`] },
  G16: { sources: [], unverified: ['《山东省行政执法监督条例》第三十八条第四项'] },
  G17: { sources: [`${REG}第三十三条第一款`], elsewhere: 'discipline' },
  G99: { sources: [`${REG}第十一条第二款第七项`] }
} as const satisfies Record<string, Ground>
export type GroundCode = keyof typeof GROUNDS

/** The grounds that belong to a prohibition: none for 7 to 10, whose text is not verified. */
export function groundsOf (prohibition: number): GroundCode[] {
  return (Object.keys(GROUNDS) as GroundCode[]).filter(code => (GROUNDS[code] as Ground).prohibition === prohibition)
}
