import { endCodes } from '../../src/catalogue/codes/repository.ts'
import { cardCode, cardCodeId } from '../../src/vault/card-codes.ts'
import type { Status } from '../../src/domain/process/workflow.ts'
import { POWERS } from '../../src/domain/process/rights.ts'
import { LIST_NAMES } from '../../src/domain/records/list-kinds.ts'
import { givenAgency, givenMatter, givenOlderText, givenStatute } from '../fixtures/register.ts'
import type { Portal } from './portal.ts'

/** Name of the picture, address, and the status where it is not 200. */
export type Sample = readonly [name: string, path: string, status?: number]

/** The longest names that an import lets through. */
const LONG = '对未按照规定建立并遵守进货查验记录制度、出厂检验记录制度和销售记录制度的食品生产经营者的'
const LONG_MATTER = `${LONG.repeat(4)}行政处罚`.slice(-200)

/** A statute with its text, and records with names as long as they come, beside the demo city. */
export async function givenExtremes ({ db }: Portal): Promise<void> {
  await givenStatute(db, {
    slug: 'food-safety-law', name: '中华人民共和国食品安全法', level: 'law',
    articles: Array.from({ length: 154 }, (_one, at) => ({ no: at + 1, label: `第${at + 1}条`, chapter: at < 13 ? '第一章　总则' : '第二章　食品安全风险监测和评估', body: '食品生产经营者应当依照法律、法规和食品安全标准从事生产经营活动，保证食品安全。\n'.repeat(1 + at % 3) }))
  })
  await givenStatute(db, { slug: 'old-food-law', name: '中华人民共和国食品卫生法', articles: [{ no: 1, label: '第一条', body: '为保证食品卫生，制定本法。' }] })
  await db.updateTable('statute').set({ effective_on: '2021-06-01', effective_article: '第一百五十四条', repeals: '食品卫生法', amended_by: '2021年4月29日第十三届全国人民代表大会常务委员会第二十八次会议修正' }).where('slug', '=', 'food-safety-law').execute()
  await givenOlderText(db, 'food-safety-law', { date: '2015-04-24', effective: '2015-10-01', articles: [{ no: 1, label: '第一条', body: '旧的正文。' }, { no: 200, label: '第二百条', body: '现行文本没有这一条。' }] })
  const agency = await givenAgency(db, { slug: 'long-name', name: `${'沈阳市某某区某某街道办事处综合行政执法队'.repeat(10)}`.slice(0, 200), phone: '024-00000000' })
  const { id: _id, ...officer } = await db.selectFrom('officer').selectAll().orderBy('slug').executeTakeFirstOrThrow()
  await db.insertInto('officer').values({ ...officer, slug: '-withheld', certificate_no: 'DEMO9000', name: '吴六七', withheld: 1 }).execute()
  await givenMatter(db, {
    code: `LONG-${'9'.repeat(40)}`, name: LONG_MATTER, agency, aliases: `${LONG.slice(0, 60)}、${LONG.slice(0, 40)}`, targets: 'person legal_person', penalty_kinds: 'warning fine', statutory_days: 90, frequency_cap: '每年不超过一次',
    bases: [{ law: '中华人民共和国食品安全法', article: '第一百二十二条', no: 122, text: LONG_MATTER }, { law: `关于${LONG}若干规定`, article: '第一条' }]
  })
}

/** Every kind of public page: full, filtered, empty, of another state, with the longest names. */
export async function publicSamples ({ db, keys, tracking }: Portal): Promise<Sample[]> {
  const matters = await db.selectFrom('matter').select(eb => ['category', eb.fn.min('code').as('code')]).where('code', 'like', 'SY-%').groupBy('category').orderBy('category').execute()
  const slugs = await db.selectFrom('agency').innerJoin('matter', 'matter.agency_id', 'agency.id').where('agency.slug', '!=', 'long-name').select('agency.slug').orderBy('agency.slug').executeTakeFirstOrThrow()
  const bare = await db.selectFrom('agency').select('slug').where('id', 'not in', db.selectFrom('matter').select('agency_id')).orderBy('slug').executeTakeFirstOrThrow()
  const officers = await db.selectFrom('officer').where('withheld', '=', 0).select(eb => ['status', eb.fn.min('certificate_no').as('number'), eb.fn.min('slug').as('slug')]).groupBy('status').orderBy('status').execute()
  const withheld = await db.selectFrom('officer').where('withheld', '=', 1).select('certificate_no').executeTakeFirstOrThrow()
  const named = await db.selectFrom('officer').innerJoin('agency', 'agency.id', 'officer.agency_id').where('withheld', '=', 0).select(['officer.name', 'agency.slug']).orderBy('officer.slug').executeTakeFirstOrThrow()
  const items = await db.selectFrom('list_item').select(eb => ['kind', eb.fn.min('code').as('code')]).groupBy('kind').execute()
  const known = officers.find(({ status }) => status === 'valid')
  const decided = await db.selectFrom('decision').select(eb => ['status', 'category', eb.fn.min('code').as('code')]).groupBy(['status', 'category']).orderBy('status').orderBy('category').execute()
  const cards = await db.selectFrom('certificate_code').select(['officer_id as officerId', 'certificate_no as certificateNo', 'turn']).orderBy('certificate_no').limit(9).execute()
  const codes = cards.map(card => cardCode(keys.cards, card))
  await endCodes(db, [cardCodeId(codes[8] ?? '') ?? ''], 'lost', '2026-11-20T02:00:00.000Z')
  return [
    ['home', '/'],
    ['search', '/search?q=食品'],
    ['search-none', '/search?q=量子纠缠'],
    ['search-empty', '/search'],
    ['search-long', `/search?q=${LONG_MATTER}`],
    ['search-near', '/search?q=占道经营'],
    ['search-pinyin', '/search?q=spjyxk'],
    ['search-kind', '/search?q=食品&type=articles'],
    ['search-help', '/search?q=行政复议'],
    ['matters-near', '/matters?q=我开饭店没有办食品经营许可证会被罚多少钱'],
    ['facet-agency', '/facets/matters/agency'],
    ['facet-letter', '/facets/matters/agency?q=食品&category=penalty&letter=S'],
    ['facet-none', '/facets/matters/field?q=量子纠缠'],
    ['matters', '/matters'],
    ['matters-filtered', '/matters?q=食品&category=penalty&category=permit&level=city'],
    ['matters-none', '/matters?q=量子纠缠&category=penalty'],
    ['matters-last', '/matters?page=99'],
    ...matters.map(({ category, code }): Sample => [`matter-${category}`, `/matters/${code}`]),
    ['matter-long', `/matters/LONG-${'9'.repeat(40)}`],
    ['matter-missing', '/matters/SY-CF-9999', 404],
    ['matter-renumbered', '/matters/DEMO-CF-1001'],
    ['matter-ended', '/matters/DEMO-QT-0001'],
    ['matter-history', '/matters/SY-XK-0001/history'],
    ['matter-history-bad-day', '/matters/SY-XK-0001/history?date=2026-02-30', 400],
    ['matter-version', '/matters/DEMO-CF-0001/versions/1'],
    ['matter-version-missing', '/matters/SY-XK-0001/versions/99', 404],
    ['matter-on', '/matters/SY-XK-0001/on/1999-01-01', 404],
    ['matter-compare', '/matters/DEMO-CF-0001/compare?from=1&to=2'],
    ['matter-compare-bad', '/matters/SY-XK-0001/compare?from=99', 400],
    ['changes', '/changes'],
    ['changes-filtered', '/changes?set=matter&change=adjusted'],
    ['changes-none', '/changes?set=nonsense'],
    ['changes-bad-day', '/changes?day=2026-02-30', 400],
    ['agencies', '/agencies'],
    ['agencies-none', '/agencies?q=量子纠缠'],
    ['agency', `/agencies/${slugs.slug}`],
    ['agency-bare', `/agencies/${bare.slug}`],
    ['agency-long', '/agencies/long-name'],
    ['law', '/law'],
    ['law-none', '/law?q=量子纠缠'],
    ['statute', '/law/food-safety-law'],
    ['statute-inside', '/law/food-safety-law?q=食品安全标准'],
    ['statute-inside-none', '/law/food-safety-law?q=量子纠缠'],
    ['statute-on', '/law/food-safety-law/on/2020-01-01'],
    ['statute-before', '/law/food-safety-law/on/2001-01-01', 404],
    ['statute-repealed', '/law/old-food-law'],
    ['article', '/law/food-safety-law/122'],
    ['lists', '/lists'],
    ...LIST_NAMES.flatMap((name): Sample[] => [[`list-${name}`, `/lists/${name}`], [`item-${name}`, `/lists/${name}/${items.find(item => item.kind === name)?.code ?? ''}`]]),
    ['list-filtered', '/lists/dispute-points?region=210102&street=演示一街道'],
    ['list-none', '/lists/inspection-plans?q=量子纠缠'],
    ['list-missing', '/lists/nothing', 404],
    ['item-missing', '/lists/recording-items/SY-LX-9999', 404],
    ['verify', '/verify'],
    ['document-check', '/documents/verify'],
    ['verify-empty', '/verify?number=', 422],
    ['verify-bad', '/verify?number=%E2%80%A6%E2%80%A6', 422],
    ['verify-not-found', '/verify?number=DEMO99999999'],
    ...officers.map(({ status, number }): Sample => [`verify-${status}`, `/verify?number=${number}`]),
    ['verify-withheld', `/verify?number=${withheld.certificate_no}`],
    ...codes.slice(0, 4).map((code, at): Sample => [`card-${at + 1}`, `/v/${code}`]),
    ['card-ended', `/v/${codes[8] ?? ''}`, 410],
    ['card-unknown', '/v/AAAAAAAAAAAAAAAAAAAAAA', 404],
    ...POWERS.map((power): Sample => [`door-${power}`, `/verify/door?power=${power}`]),
    ['door-officer', `/verify/door?power=penalty&officer=${known?.slug ?? ''}`],
    ['visits', '/visits'],
    ['visits-expired', '/visits?expired=1'],
    ['visits-deleted', '/visits?deleted=1'],
    ['visit-new', `/visits/new?officer=${known?.slug ?? ''}&purpose=penalty`],
    ['officer', `/officers/${known?.slug ?? ''}`],
    ['officers', '/officers'],
    ['officers-found', `/officers?name=${named.name}&agency=${named.slug}`],
    ['officers-which', `/officers?name=${named.name}&agency=市场`, 422],
    ['officers-none', `/officers?name=无此人&agency=${slugs.slug}`],
    ['officers-half', '/officers?name=无此人', 422],
    ['benchmarks', '/benchmarks'],
    ['benchmarks-filtered', '/benchmarks?q=食品&tier=heavier'],
    ['benchmark', '/benchmarks/SY-CL-0001'],
    ['benchmark-older', '/benchmarks/SY-CL-0001?version=1'],
    ['benchmark-missing', '/benchmarks/SY-CL-9999', 404],
    ['benchmark-no-day', '/benchmarks/SY-CL-0001?on=2001-01-01', 404],
    ['exemptions', '/exemptions'],
    ['exemptions-none', '/exemptions?q=量子纠缠'],
    ['exemption', '/exemptions/SY-MF-0005'],
    ['exemption-fault', '/exemptions/SY-MF-0003'],
    ['check-fine', '/check-fine'],
    ['check-fine-found', '/check-fine?q=食品'],
    ['check-fine-none', '/check-fine?q=量子纠缠'],
    ['check-fine-day', '/check-fine?matter=SY-CF-0012'],
    ['check-fine-day-bad', '/check-fine?matter=SY-CF-0012&on_year=2026&on_month=2&on_day=30&step=result', 422],
    ['check-fine-circumstances', '/check-fine?matter=SY-CF-0012&step=circumstances'],
    ['check-fine-amount-bad', '/check-fine?matter=SY-CF-0012&step=result&fine=x', 422],
    ['check-fine-above', '/check-fine?matter=SY-CF-0012&step=result&fine=6万&base=5000&on=2025-06-01&x=SY-MF-0003~0'],
    ['check-fine-inside', '/check-fine?matter=SY-CF-0056&step=result&fine=10000'],
    ['check-fine-statute', '/check-fine?matter=SY-CF-0046&step=result&fine=600'],
    ['prohibitions', '/prohibitions'],
    ['prohibition', '/prohibitions/1'],
    ['prohibition-summary', '/prohibitions/5'],
    ['prohibition-title', '/prohibitions/6'],
    ['prohibition-unverified', '/prohibitions/7'],
    ['prohibition-empty', '/prohibitions/8'],
    ['industries', '/industries'],
    ['industry', '/industries/restaurant'],
    ['industry-largest', '/industries/construction'],
    ['self-check', '/industries/restaurant/self-check'],
    ['guide', '/guide'],
    ['paper-form', '/complain/form'],
    ['channel', '/guide/which-channel'],
    ['channel-what', '/guide/which-channel?urgent=no'],
    ['channel-unanswered', '/guide/which-channel?urgent=no&asked=what', 422],
    ['channel-supervise', '/guide/which-channel?urgent=no&what=enforcement&body=local&decided=none&want=conduct'],
    ['channel-reconsideration', '/guide/which-channel?urgent=no&what=enforcement&body=local&decided=paper&want=change&pending=no'],
    ['channel-emergency', '/guide/which-channel?urgent=yes'],
    ['deadlines', '/guide/deadlines'],
    ['deadlines-penalty', '/guide/deadlines?act=penalty&on=2026-08-31&untold=1'],
    ['deadlines-spot', '/guide/deadlines?act=on_the_spot&on=2026-11-02'],
    ['deadlines-bad', '/guide/deadlines?act=&on_year=2026&on_month=2&on_day=30', 422],
    ['service-standard', '/service-standard'],
    ['due-dates-clock', '/due-dates/accept'],
    ['due-dates-remedy', '/due-dates/litigation'],
    ['decisions', '/decisions'],
    ['decisions-filtered', '/decisions?q=演示&category=penalty&timeliness=late'],
    ['decisions-none', '/decisions?q=量子纠缠&tier=heavier'],
    ['decisions-publication', '/decisions/publication'],
    ...decided.map(({ status, category, code }): Sample => [`decision-${status}-${category}`, `/decisions/${code}`]),
    ['decision-missing', '/decisions/nope', 404],
    ...POWERS.map((power): Sample => [`rights-${power}`, `/guide/your-rights/${power}`]),
    ['corrections', '/corrections'],
    ['correction-new', `/corrections/new?record=matters:${matters[0]?.code ?? ''}`],
    ['correction-unknown', '/corrections/new?record=matters:nothing', 404],
    ['subscribe', `/subscriptions?set=matters&code=${matters[0]?.code ?? ''}`],
    ['subscribe-list', '/subscriptions?set=matters&category=penalty&level=city'],
    ['subscribe-sent', '/subscriptions/sent'],
    ['subscribe-ended', '/subscriptions/ended'],
    ['subscribe-expired', '/subscriptions/confirmations/nothing', 404],
    ['data', '/data'],
    ['data-anchors', '/data/anchors'],
    ['data-set', '/data/matters'],
    ['data-set-plain', '/data/prohibitions'],
    ['api', '/api'],
    ['export-unknown', '/exports/matters/pdf', 404],
    ['privacy', '/privacy'],
    ['about', '/about'],
    ['complain', '/complain'],
    ['complain-about', `/complain?prohibition=4&agency=${slugs.slug}&matter=${matters[0]?.code ?? ''}`],
    ['complain-expired', '/complain?expired=1'],
    ['complain-hall', '/complain?shared=1'],
    ['complain-resume', '/complain/resume'],
    ['complain-resume-left', '/complain/resume?left=1'],
    ['receipt-check', '/receipts/check'],
    ['receipt-key-missing', '/receipts/key/000000000000', 404],
    ['track', '/track'],
    ['track-expired', '/track?expired=1'],
    ['lost', '/track/lost'],
    ['lost-expired', '/track/lost?expired=1'],
    ['notice-end-missing', '/notices/nobody', 404],
    ['track-given', `/track?ref=${tracking?.ref ?? ''}`],
    ['desk-sign-in', '/desk/sign-in'],
    ['desk-sign-in-ended', '/desk/sign-in?expired=1&next=/desk/queue'],
    ['error-404', '/nothing-here', 404],
    ['error-404-officer', '/officers/nobody', 404],
    ['error-404-post-only', '/complain/submissions', 404],
    ['error-400', '/%ff', 400],
    ['error-414', `/matters/${'9'.repeat(300)}`, 414]
  ]
}

/** What the auditor sees. */
export const AUDITOR_SAMPLES: readonly Sample[] = [
  ['desk-audit', '/desk/audit'],
  ['desk-audit-found', '/desk/audit?actor=a&action=complaint.accept&result=done&from=2026-01-01&to=2027-12-31'],
  ['desk-audit-none', '/desk/audit?subject=nothing'],
  ['desk-audit-bad', '/desk/audit?from=2026-02-30', 422]
]

/** Every kind of page of the desk, as the clerk sees it. */
export async function deskSamples ({ db }: Portal): Promise<Sample[]> {
  const rows = await db.selectFrom('complaint').select(eb => ['status', eb.fn.min('ref').as('ref')]).groupBy('status').execute()
  const ref = (status: Status): string => rows.find(row => row.status === status)?.ref ?? ''
  const ready = await db.selectFrom('complaint').select('ref').where('status', '=', 'verifying')
    .where('id', 'not in', db.selectFrom('complaint_issue').select('complaint_id').where('finding', 'is', null))
    .where('id', 'not in', db.selectFrom('demand').select('complaint_id').where('state', 'in', ['open', 'claimed', 'disputed'])).orderBy('ref').executeTakeFirstOrThrow()
  const issued = await db.selectFrom('document').innerJoin('complaint', 'complaint.id', 'document.complaint_id').select(['complaint.ref', 'document.id', 'document.type']).orderBy('document.type').orderBy('document.id').execute()
  const correction = await db.selectFrom('correction').select('id').where('decided_at', 'is', null).orderBy('id').executeTakeFirstOrThrow()
  const types = [...new Map(issued.map(row => [row.type, row])).values()]
  const clear = await db.selectFrom('complaint').select('ref').where('status', '=', 'registered').where('parallel', '=', 'none').orderBy('ref').executeTakeFirstOrThrow() // references are random: one in another procedure cannot be accepted
  const step = (status: Status, action: string): Sample => [`desk-step-${action}`, `/desk/complaints/${status === 'registered' ? clear.ref : ref(status)}/transitions?action=${action}`]
  return [
    ['desk-day', '/desk'],
    ['desk-queue', '/desk/queue'],
    ['desk-queue-overdue', '/desk/queue?view=overdue'],
    ['desk-queue-all', '/desk/queue?view=all&status=accepted&status=replied&due=overdue&ground=G01'],
    ['desk-quarantine', '/desk/quarantine'],
    ['desk-queue-columns', '/desk/queue?view=all&cols=about&cols=status&cols=due&cols=received&cols=handler&cols=supervisors&cols=bureau&cols=outcome&cols=updated'],
    ['desk-queue-views', '/desk/queue/views?list=view%3Dmine'],
    ['desk-settings', '/desk/settings'],
    ['desk-queue-none', '/desk/queue?view=all&q=%E9%87%8F%E5%AD%90'],
    ...rows.map(({ status, ref }): Sample => [`desk-case-${status}`, `/desk/complaints/${ref}`]),
    ...['timeline', 'messages', 'notes', 'documents'].map((tab): Sample => [`desk-case-${tab}`, `/desk/complaints/${ref('replied')}?tab=${tab}`]),
    ...['request_supplement', 'accept', 'refuse', 'guide', 'transfer'].map(action => step('registered', action)),
    step('replied', 'close'),
    ['desk-step-reply', `/desk/complaints/${ready.ref}/transitions?action=reply`],
    ['desk-step-impossible', `/desk/complaints/${ref('closed')}/transitions?action=accept`, 409],
    ['desk-investigate', `/desk/complaints/${ref('investigating')}/investigate`],
    ['desk-investigate-done', `/desk/complaints/${ref('replied')}/investigate`],
    ['desk-exhibits', `/desk/complaints/${ref('investigating')}/exhibits`],
    ['desk-related', `/desk/complaints/${ref('investigating')}/related`],
    ['desk-redact', `/desk/complaints/${ref('replied')}/redact`],
    ['desk-redact-text', `/desk/complaints/${ref('replied')}/redact/agency/issue.1`],
    ['desk-people', `/desk/complaints/${ref('accepted')}/people?q=%E5%B8%82%E5%9C%BA`],
    ['desk-identity', `/desk/complaints/${ref('accepted')}/identity-views`],
    ['desk-contacts', `/desk/complaints/${ref('accepted')}/contacts`],
    ['desk-letters', '/desk/letters'],
    ['desk-priority', `/desk/complaints/${ref('accepted')}/priorities`],
    ['desk-clocks', `/desk/complaints/${ref('accepted')}/clocks`],
    ['desk-reminders', '/desk/reminders'],
    ['desk-drafting', `/desk/complaints/${ref('findings')}/letters`],
    ['desk-register', '/desk/documents?q=%E7%9B%91'],
    ['desk-register-none', '/desk/documents?q=%E9%87%8F%E5%AD%90&void=yes'],
    ...types.slice(0, 1).map(({ id }): Sample => ['desk-registered', `/desk/documents/${id}`]),
    ['desk-clock', `/desk/complaints/${ref('accepted')}/clocks/handle`],
    ...types.map(({ ref, id, type }): Sample => [`desk-document-${type}`, `/desk/complaints/${ref}/documents/${id}`]),
    ['desk-corrections', '/desk/corrections'],
    ['desk-corrections-decided', '/desk/corrections?view=decided'],
    ['desk-correction', `/desk/corrections/${correction.id}`],
    ['desk-searches', '/desk/searches'],
    ['desk-entry', '/desk/new'],
    ['desk-sessions', '/desk/sessions'],
    ['desk-mail', '/desk/mail'],
    ['desk-recovery-codes', '/desk/recovery-codes'],
    ['desk-conflicts', '/desk/conflicts'],
    ['desk-conflicts-found', `/desk/conflicts?q=${encodeURIComponent('城市管理')}`],
    ['desk-rights', '/desk/rights'],
    ['desk-password', '/desk/password'],
    ['desk-404', '/desk/complaints/TS00000000000', 404]
  ]
}

/** Pages of the desk that only a supervisor opens. */
export async function supervisorSamples ({ db }: Portal): Promise<Sample[]> {
  const { ref } = await db.selectFrom('complaint').select('ref').where('status', '=', 'investigating').orderBy('ref').executeTakeFirstOrThrow()
  const own = await db.selectFrom('complaint').innerJoin('account', 'account.id', 'handler_id').select('ref').where('account.username', '=', 'investigator').orderBy('ref').executeTakeFirstOrThrow()
  const pending = await db.selectFrom('document_draft').innerJoin('complaint', 'complaint.id', 'complaint_id').select(['ref', 'document_draft.id']).where('state', '=', 'pending').orderBy('ref').executeTakeFirstOrThrow()
  return [
    ['desk-bundle', `/desk/complaints/${own.ref}/bundle`],
    ['desk-supervisor-case', `/desk/complaints/${ref}`],
    ['desk-finding', `/desk/complaints/${ref}/findings?issue=1`],
    ['desk-drafting-new', `/desk/complaints/${pending.ref}/letters/new?type=opinion_letter`],
    ['desk-drafting-shown', `/desk/complaints/${pending.ref}/letters/${pending.id}`],
    ['desk-drafting-sheet', `/desk/complaints/${pending.ref}/letters/${pending.id}/sheet`]
  ]
}

/** What a complainant opens after reference and query code: contacts, identity, co-complainants, the copy. */
export function ownSamples ({ tracking }: Portal): Sample[] {
  const own = `/track/${tracking?.ref ?? ''}`
  return [
    ['own-contacts', `${own}/contacts`],
    ['own-contacts-done', `${own}/contacts?done=changed`],
    ['own-identity', `${own}/identity`],
    ['own-members', `${own}/members`],
    ['own-copy', `${own}/record`]
  ]
}
