/** The default profile (GB/T 22239 level 3 asks for length and classes). Pasting and passphrases up to `max` are welcome. */
export const PASSWORD_PROFILE = { min: 12, max: 256, classes: 3, unguessable: 6 } as const

/** What stands against a password; words at `password_fault.<fault>`. */
export const PASSWORD_FAULTS = ['short', 'long', 'classes', 'common'] as const
export type PasswordFault = (typeof PASSWORD_FAULTS)[number]

/**
 * What passwords are made of when nobody thinks: words from the world's and China's most used passwords, surnames and given names in
 * pinyin, keyboard walks, and the words of this office. Lower case, without the usual digits for letters; longest match counts.
 */
const GENERAL = `
  password passwort passwd passw0rd pass word admin administrator root user guest test tester demo default login signin welcome hello letmein
  changeme change secret private access master super superman batman spiderman dragon monkey tiger lion eagle shadow sunshine princess prince
  queen king flower summer winter spring autumn football baseball basketball soccer hockey tennis golf iloveyou love lovely lover angel devil
  michael jordan jessica ashley daniel jennifer thomas charlie robert andrew joshua matthew michelle nicole hunter killer freedom trustno
  whatever starwars pokemon computer internet server system windows google apple samsung huawei xiaomi tencent wechat weixin alipay taobao
  baidu qq qwerty azerty qwertz asdfgh asdf zxcvbn zxcv qazwsx wsx edc rfv poiuyt lkjhgf mnbvcx onetwo one two three four five six seven eight
  nine ten monday friday sunday january february march april may june july august september october november december cheese pepper cookie
  coffee orange banana cherry silver golden diamond purple yellow green black white blue red maggie ginger harley ranger buster soccer matrix
  phoenix mercedes ferrari porsche corvette mustang money business company office account service support manager staff temp temporary
  security secure database backup oracle mysql linux ubuntu centos cisco network public welcome1 abc abcd abcde xyz aaa zzz
`
const CHINESE = `
  woaini woaiwo woaizhongguo aini wode nihao zhongguo china beijing shanghai tianjin chongqing guangzhou shenzhen nanjing hangzhou chengdu
  wuhan dalian harbin changchun changsha xian jinan qingdao mima denglu guanliyuan yonghu ceshi moren gongzuo danwei bangong zhangsan lisi
  wangwu zhaoliu wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng han feng
  cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao shen zhong cui tan fan jin wei xiaoming xiaohong
  xiaoli lei jun jie yong hong ping ming hua jian guang qiang yan jing juan xiaofeng meili baobei baba mama laopo laogong jiating xingfu
  kuaile fengshun ruyi facai gongxi longnian pengyou tiantian yongyuan zhende shijie aiqing dashen niubi
`
const HOUSE = `
  sunlit yangguang zhifa yangguangzhifa xingzheng jiandu tousu jubao sifa sifaju justice bureau enforcement supervision complaint complaints
  clerk investigator approver auditor officer agency inspector shouli banli anjian gongan zhengfu government liaoning shenyang heping shenhe
  dadong huanggu tiexi sujiatun hunnan shenbei yuhong liaozhong kangping faku xinmin
`

/** All words once, the longest first, so that `password` is found before `pass`. */
const COMMON_WORDS: readonly string[] = [...new Set(`${GENERAL} ${CHINESE} ${HOUSE}`.trim().split(/\s+/))]
  .filter(word => word.length > 2).sort((a, b) => b.length - a.length || (a < b ? -1 : 1))

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u]
const LETTERS: Readonly<Record<string, string>> = { '@': 'a', 4: 'a', 3: 'e', 1: 'i', '!': 'i', 0: 'o', $: 's', 5: 's', 7: 't' }
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '!@#$%^&*()', '1qaz2wsx3edc4rfv5tgb6yhn']

/**
 * Everything that a new password lacks; empty when it is good. `own` are words that belong to the person (username, name).
 * Whatever is a common word, a year, a walk over the keyboard or a repetition counts as nothing: what is left must still be long enough.
 */
export function passwordFaults (password: string, own: readonly string[] = []): PasswordFault[] {
  const length = [...password].length
  const faults: PasswordFault[] = []
  if (length < PASSWORD_PROFILE.min) faults.push('short')
  if (length > PASSWORD_PROFILE.max) faults.push('long')
  if (CLASSES.filter(one => one.test(password)).length < PASSWORD_PROFILE.classes) faults.push('classes')
  if (length <= PASSWORD_PROFILE.max && unguessable(password, own) < PASSWORD_PROFILE.unguessable) faults.push('common')
  return faults
}

/** How many characters remain once all that is easily guessed is taken out; the smaller of two readings of digits as letters. */
function unguessable (password: string, own: readonly string[]): number {
  const plain = password.normalize('NFKC').toLowerCase()
  const words = [...own.map(word => word.toLowerCase()).filter(word => word.length > 1), ...COMMON_WORDS]
  const read = [...plain].map(sign => LETTERS[sign] ?? sign).join('')
  return Math.min(rest(plain, words), rest(read, words))
}

function rest (text: string, words: readonly string[]): number {
  const without = words.reduce((left, word) => left.replaceAll(word, ' '), text)
    .replace(/(?:19|20)\d{2}(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?/g, ' ')
  const parts = without.split(/[\s\p{P}\p{S}]+/u).filter(part => part !== '')
  const signs = new Set([...without].filter(sign => /[\p{P}\p{S}]/u.test(sign))).size
  return parts.reduce((sum, part) => sum + Math.max(0, [...part].length - guessed(part)), 0) + Math.min(signs, 2)
}

/** How many characters of a part repeat or continue the ones before them: aaa, 123, fdsa. */
function guessed (part: string): number {
  const signs = [...part]
  return signs.filter((sign, at) => at > 0 && (sign === signs[at - 1] || ROWS.some(row => follows(row, signs[at - 1] ?? '', sign)))).length
}

function follows (row: string, before: string, sign: string): boolean {
  return row.includes(before + sign) || row.includes(sign + before)
}
