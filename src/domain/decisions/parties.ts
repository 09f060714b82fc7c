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
const LABEL = /^(?:个体工商户|个体户|经营者|业主)[:：]?\s*|\s*[（(]?\s*(?:个体工商户|个体户|自然人)\s*[)）]?$/gu
/** 沈阳市和平区李小明: the place before a person under whose name the business is registered. */
const PLACED = /^(\p{Script=Han}+(?:省|自治区|市|区|县|旗|街道|乡|镇|村))(\p{Script=Han}{2,4}|\p{Script=Han}{1,2}\*\*)$/u
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

/**
 * A text in which the party is called as in public. `name` is the name as the source wrote it, `people` who stands behind it. The name of
 * a shop stays whole where it stands, even if it holds the name of its owner: it is shown so above the text, and registered so.
 */
export function coverIn (text: string, name: string, type: string, people: readonly string[] = []): string {
  if (isOrganisation(type)) return text
  const own = type === 'sole_trader' ? [...ownersOf(name), bare(name)] : [name.trim(), bare(name)]
  const full = own.filter(one => one.length > 1 && publicParty(one, type) !== one)
  const hidden = [...full, ...people].sort((a, b) => b.length - a.length)
  const cover = (part: string): string => hidden.reduce((rest, one) => rest.replaceAll(one, full.includes(one) ? publicParty(one, type) : maskName(one)), part)
  return name.trim().length < 2 ? cover(text) : text.split(name.trim()).map(cover).join(publicParty(name.trim(), type))
}

/** Whether a kind of party is none of persons; an unknown kind is taken for a person. */
export function isOrganisation (type: string): boolean {
  const kind = codesOf(TARGETS).find(known => known === type)
  return kind !== undefined && PARTY_NAMES[kind] === 'show'
}

/** The names in a cell that says who stands behind a party; none where it says that there is nobody. */
export function peopleIn (cell: string): string[] {
  const names = cell.split(/[、,，;；/\n]/).map(name => bare(name)).filter(name => name.length > 1 && !NOBODY.test(name))
  return [...new Set(names.flatMap(name => [name, name.replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')]))]
}
const NOBODY = /^(?:暂无|没有|不详|未知|空白|不适用|\P{L}+)$/u

function maskTrader (name: string): string {
  const plain = bare(name)
  if (isPersonal(plain)) return maskName(plain)
  const [, place = '', person = ''] = placed(plain)
  if (person !== '') return place + maskName(person)
  return name.replace(OWNER, (whole, open: string, label: string | undefined, inner: string, close: string) => isOwner(label, inner) ? `${open}${label ?? ''}${maskName(inner)}${close}` : whole)
}

const bare = (name: string): string => name.trim().replace(LABEL, '').trim()
const placed = (plain: string): readonly string[] => {
  const found = PLACED.exec(plain)
  return found !== null && isOwner(undefined, found[2] ?? '') ? found : []
}
const ownersOf = (name: string): string[] => [...placed(bare(name)).slice(2), ...[...name.matchAll(OWNER)].filter(found => isOwner(found[2], found[3] ?? '')).map(found => found[3] ?? '')]
const isOwner = (label: string | undefined, inner: string): boolean => isPersonal(inner) && (label !== undefined || SURNAMES.has(inner.charAt(0)) || maskName(inner).length > 3)

/** Two to four Chinese characters, or a name of a minority with its dot, that do not end as shops do. */
function isPersonal (name: string): boolean {
  if (/^\p{Script=Han}{1,2}\*\*$/u.test(name)) return true // covered already
  return /^(?:\p{Script=Han}{2,4}|\p{Script=Han}+[·•]\p{Script=Han}+)$/u.test(name) && !SHOP.test(name)
}
