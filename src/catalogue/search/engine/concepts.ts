import { queryRuns } from '../../../db/text.ts'
import { everydayIn, type Everyday } from './everyday.ts'

/** One thing that a reader means: the phrases of each way to say it, their own first. */
export type Concept = string[][]

const WORDS = new Intl.Segmenter('zh-CN', { granularity: 'word' })
/** More than these are not looked up. */
const MOST = 6

/** Words of questions that say nothing about what is asked. */
const EMPTY = new Set(['我', '我们', '你', '你们', '他', '她', '他们', '它', '咱', '咱们', '自己', '人家', '别人', '有人', '大家', '谁', '的', '地', '得', '了', '着', '过', '吗', '呢', '啊', '吧', '呀', '嘛', '啦', '么',
  '是', '不', '没', '有', '没有', '在', '被', '把', '给', '让', '使', '叫', '跟', '和', '与', '及', '或', '或者', '还', '还是', '就', '都', '也', '又', '再', '才', '只', '很', '太', '最', '更', '非常', '一直', '已经', '总', '总是',
  '会', '能', '可以', '可', '要', '想', '需要', '应该', '应当', '必须', '得', '行', '不行', '不能', '不会', '不让', '怎么', '怎么办', '怎样', '如何', '什么', '什么样', '为什么', '为何', '哪', '哪里', '哪儿', '哪个', '哪些', '谁来', '几', '多少', '多久', '多长', '多大',
  '一个', '一家', '一下', '一次', '一些', '这', '那', '这个', '那个', '这样', '这种', '那种', '请', '请问', '问', '问题', '事', '事情', '情况', '东西', '时候', '时', '上', '下', '里', '中', '到', '去', '来', '从', '对', '对于', '向', '因为', '所以', '如果', '但是', '而', '等',
  '算', '知道', '觉得', '希望', '告诉', '看', '说', '做', '搞', '弄', '家', '家里', '开', '个', '条', '次', '元', '块', '钱', '吃', '点', '是不是', '有没有', '能不能', '可不可以', '合法', '违法', '违反', '规定', '法律', '依据', '根据', '关于', '相关', '有关', '进行', '行为', '人员',
  'a', 'an', 'the', 'is', 'are', 'can', 'i', 'my', 'of', 'for', 'to', 'in', 'on', 'at', 'do', 'does', 'how', 'what', 'much', 'they', 'me', 'we', 'you', 'be', 'it', 'and', 'or', 'without', 'with', 'no', 'not', 'have', 'has', 'get', 'need'])

/** What the phrases of a question mean, piece by piece: everyday words with what is said for them officially, then the words between them. */
export function conceptsOf (runs: readonly string[], everyday: readonly Everyday[]): Concept[] {
  const concepts: Concept[] = []
  const text = runs.join(' ')
  let at = 0
  for (const found of [...everydayIn(text, everyday), null]) {
    concepts.push(...wordsOf(text.slice(at, found?.at ?? text.length)).map(word => [[word]]))
    if (found === null) break
    concepts.push([[...queryRuns(found.word)], ...found.terms.map(term => queryRuns(term))])
    at = found.at + found.word.length
  }
  return concepts.slice(0, MOST)
}

/** The words of a text that tell something. Characters that make no word by themselves are put together again: 占 and 道. */
function wordsOf (text: string): string[] {
  const words: string[] = []
  let loose = ''
  const close = (): void => {
    if (loose.length > 1) words.push(loose)
    loose = ''
  }
  for (const { segment, isWordLike } of WORDS.segment(text)) {
    if (isWordLike === true && segment.length === 1 && !EMPTY.has(segment) && /\p{Script=Han}/u.test(segment)) { loose += segment; continue }
    close()
    if (isWordLike === true && !EMPTY.has(segment) && (segment.length > 1 || /[a-z0-9]/.test(segment))) words.push(segment)
  }
  close()
  return [...new Set(words)]
}
