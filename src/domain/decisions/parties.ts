import { codesOf, TARGETS, type Target } from '../records/enumerations.ts'
import { maskName } from '../records/masking.ts'

/**
 * What may stand in public as the name of a party (个人信息保护法 5–6: no more than the purpose needs). `mask`: a natural person;
 * `mask_personal`: a sole trader, whose business may have a name of its own or be registered under the person's.
 */
const PARTY_NAMES = {
  person: 'mask',
  sole_trader: 'mask_personal',
  legal_person: 'show',
  unincorporated: 'show',
  organ: 'show'
} as const satisfies Record<Target, 'mask' | 'mask_personal' | 'show'>

/** How names of shops end; a short name with another end is taken for a person's, because covering a shop harms nobody. */
const SHOP = /[店铺馆坊部行厂社楼园站场所吧屋轩阁斋堂府城院记摊档苑居庄]$|公司|中心|超市|商贸|经营|合作|企业|集团|工作室/u
const LABEL = /^(?:个体工商户|个体户|经营者|业主)[:：]?\s*|\s*[（(]\s*(?:个体工商户|个体户|自然人)\s*[)）]$/gu
/** 某某面馆（经营者：张小明）, 某某便民店（张小明）; without a label only what begins with a surname is a person, because a place may stand there too. */
const OWNER = /([（(]\s*)((?:经营者|业主|负责人|系)[:：]?\s*)?([^()（）]{2,20}?)(\s*[)）])/gu
/** The surnames of nine people in ten. */
const SURNAMES = new Set('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤')

/** The one function that decides how a party is called in public; safe to apply twice. An unknown kind of party is treated as a person. */
export function publicParty (name: string, type: string): string {
  const kind = codesOf(TARGETS).find(known => known === type)
  const rule = kind === undefined ? 'mask' : PARTY_NAMES[kind]
  if (rule === 'show') return name
  return rule === 'mask' ? maskName(name) : maskTrader(name)
}

/** Whether the public name covers who it is. */
export function isCovered (name: string, type: string): boolean {
  return publicParty(name, type) !== name || name.includes('**')
}

/** A text in which the party is called as in public. `name` is the name as the source wrote it. */
export function coverIn (text: string, name: string, type: string): string {
  const full = type === 'sole_trader' ? [...ownersOf(name), name] : [name.trim(), bare(name)]
  return full.filter(one => one.length > 1 && publicParty(one, type) !== one).reduce((rest, one) => rest.replaceAll(one, publicParty(one, type)), text)
}

function maskTrader (name: string): string {
  const plain = bare(name)
  if (isPersonal(plain)) return maskName(plain)
  return name.replace(OWNER, (whole, open: string, label: string | undefined, inner: string, close: string) => isOwner(label, inner) ? `${open}${label ?? ''}${maskName(inner)}${close}` : whole)
}

const bare = (name: string): string => name.trim().replace(LABEL, '').trim()
const ownersOf = (name: string): string[] => [...name.matchAll(OWNER)].filter(found => isOwner(found[2], found[3] ?? '')).map(found => found[3] ?? '')
const isOwner = (label: string | undefined, inner: string): boolean => isPersonal(inner) && (label !== undefined || SURNAMES.has(inner.charAt(0)))

/** Two to four Chinese characters, or a name of a minority with its dot, that do not end as shops do. */
function isPersonal (name: string): boolean {
  if (/^\p{Script=Han}{1,2}\*\*$/u.test(name)) return true // covered already
  return /^(?:\p{Script=Han}{2,4}|\p{Script=Han}+[·•]\p{Script=Han}+)$/u.test(name) && !SHOP.test(name)
}
