import t from 'tap'
import { hasWord } from '../../src/i18n/index.ts'
import { LOCALES } from '../../src/paths.ts'
import { CATEGORIES, codesOf } from '../../src/domain/records/enumerations.ts'
import { citeChinese, citeEnglish } from '../../src/domain/records/laws.ts'
import { POWERS, RIGHTS, rightsOf } from '../../src/domain/process/rights.ts'
import { givenHouse } from '../fixtures/app.ts'
import { givenAgency, givenMatter, givenStatute } from '../fixtures/register.ts'
import { visitor } from '../fixtures/visitor.ts'

t.test('every right has words in both languages and at least one article', async t => {
  for (const power of POWERS) {
    const codes = RIGHTS[power].map(right => right.code)
    t.equal(new Set(codes).size, codes.length, `${power} names no right twice`)
    t.ok(RIGHTS[power].some(right => right.when === 'door'), `${power} says what to ask for on the spot`)
    for (const { code, basis } of RIGHTS[power]) {
      t.ok(basis.length > 0, `${power} ${code}`)
      for (const locale of LOCALES) for (const key of [`right.${code}`, `right_text.${code}`]) t.ok(hasWord(locale, key), `${locale} ${key}`)
    }
  }
  for (const category of codesOf(CATEGORIES)) t.ok(rightsOf(category).some(right => right.code === 'reconsideration'), category)
  t.equal(citeChinese({ law: 'penalty', article: 55, paragraph: 1 }), '《行政处罚法》第五十五条第一款')
  t.equal(citeChinese({ law: 'coercion', article: 18, item: 2 }), '《行政强制法》第十八条第二项')
  t.equal(citeEnglish({ law: 'permit', article: 32, paragraph: 1, item: 4 }), 'Administrative Licensing Law, article 32(1), item 4')
})

t.test('rights lead to their articles where the law library has them, and stand without a link where it has not', async t => {
  const { app, db } = await givenHouse(t)
  await givenStatute(db, { slug: 'penalty-law', name: '中华人民共和国行政处罚法', level: 'law', articles: [{ no: 55, label: '第五十五条', body: '执法人员在调查或者进行检查时，应当主动出示执法证件。' }] })
  const agency = await givenAgency(db, { slug: 'market', name: '测试市场监督管理局' })
  await givenMatter(db, { code: 'T-JC-1', name: '对食品经营的检查', agency, category: 'inspection' })
  await givenMatter(db, { code: 'T-JL-1', name: '对举报人的奖励', agency, category: 'reward' })
  const { get } = visitor(app)
  const page = await get('/guide/your-rights/inspection')
  t.match(page.body, /<a class="govuk-link" href="\/law\/penalty-law\/55">《行政处罚法》第五十五条第一款<\/a>/)
  t.match(page.body, /<span>《民营经济促进法》第五十条<\/span>/)
  t.match((await get('/en/guide/your-rights/coercion')).body, /Administrative Compulsion Law, article 24/)
  t.equal((await get('/guide/your-rights/reward')).status, 404)
  const matter = await get('/matters/T-JC-1')
  t.match(matter.body, /href="\/law\/penalty-law\/55"/, 'the page of a matter names the main rights of its kind')
  t.match(matter.body, /href="\/guide\/your-rights\/inspection"/)
  t.notMatch((await get('/matters/T-JL-1')).body, /your-rights/, 'a kind without rights of its own has no page of them')
})
