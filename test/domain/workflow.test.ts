import { readFileSync, readdirSync } from 'node:fs'
import t from 'tap'
import { hadPart, REVIEW_OUTCOMES } from '../../src/domain/aftermath/review.ts'
import { BASIS_KINDS, CLOCKS, DAY_TYPES, WINDOWS, type ClockRule } from '../../src/domain/time/clocks.ts'
import { DOCUMENTS } from '../../src/domain/process/documents.ts'
import { AGENCY_KINDS, BASIS_LEVELS, CATEGORIES, LEVELS, PENALTY_KINDS, TARGETS, codesOf } from '../../src/domain/records/enumerations.ts'
import { FINDINGS, allFound } from '../../src/domain/process/findings.ts'
import { GROUNDS, groundsOf } from '../../src/domain/process/grounds.ts'
import { GUARDS, type Facts } from '../../src/domain/process/guards.ts'
import { DEFAULT_IDENTITY_MODE, IDENTITY_MODES, mayChangeMode } from '../../src/domain/process/identity-modes.ts'
import { CERTIFICATE_STATUSES, CERTIFICATE_TYPES, OFFICER_STATUSES } from '../../src/domain/records/officer-status.ts'
import { PARALLELS, PARALLEL_STAGES, barring } from '../../src/domain/process/parallel.ts'
import { PERMISSIONS, ROLES, STAFF_ROLES, allows, type Permission, type Role } from '../../src/domain/process/permissions.ts'
import { DEMAND_STATES } from '../../src/domain/supervision/demands.ts'
import { SUSPENSIONS } from '../../src/domain/supervision/suspensions.ts'
import { DEMANDS, PATHS, REFUSALS, REMEDIES, missingDemands } from '../../src/domain/process/refusals.ts'
import { ACTIONS, AUDIENCES, OPEN_STATUSES, OUTCOMES, ROWS, STAGES, STATUSES, STEP_FIELDS, choices, pick, stageOf, type Status } from '../../src/domain/process/workflow.ts'
import { mermaid, workflowTable } from '../../src/domain/process/workflow-docs.ts'

const facts: Omit<Facts, 'role'> = { findings: ['substantiated'], ruled: [true], checksOpen: 0, parallels: ['none'], supplementOpen: false, refusal: null, reviewOpen: true, reviewed: false, reopeningOpen: true, tied: false, hadPart: false, agencyKnown: true, investigators: 2, insisting: 'allowed', acceptedBefore: true, answeredBefore: true, approvedLetter: true, approvedDecision: true, lettersIssued: 1, demands: ['verified'], correctedOnSpot: false, objectionOpen: true, withdrawalsOpen: 0 }
const refused = (failing: string[] = []) => ({ code: 'transition_refused', details: { failing } })

t.test('what the table does not list is refused, for every status, role and action', async t => {
  for (const status of STATUSES) {
    for (const role of ROLES) {
      for (const action of ACTIONS) {
        const row = ROWS.find(row => row.action === action)
        if (row?.from.includes(status) === true && row.by.includes(role)) t.equal(pick(status, action, role, facts).to, row.to, `${status} ${role} ${action}`)
        else t.throws(() => pick(status, action, role, facts), refused(), `${status} ${role} ${action}`)
      }
    }
  }
})

t.test('every complaint can reach every status, and from every status but the last it can go on to the end', async t => {
  const reach = (start: Status): Set<Status> => {
    const seen = new Set<Status>([start])
    for (const status of seen) for (const row of ROWS) if (row.from.includes(status)) seen.add(row.to)
    return seen
  }
  const creation = ROWS.filter(row => row.from.length === 0)
  t.same(creation.map(row => row.to), ['submitted'])
  t.same([...reach('submitted')].sort(), [...STATUSES].sort())
  for (const status of STATUSES) t.ok(reach(status).has('closed'), `${status} can end`)
  t.same(OPEN_STATUSES, STATUSES.filter(status => status !== 'closed'))
  for (const status of OPEN_STATUSES) t.ok(STAFF_ROLES.some(role => choices(status, role, facts).length > 0), `no ${status} complaint waits for somebody else for ever`)
})

t.test('rows agree with the other tables', async t => {
  t.equal(new Set(ACTIONS).size, ACTIONS.length, 'one row for each action')
  for (const row of ROWS) {
    t.ok(row.from.every(status => STATUSES.includes(status)) && STATUSES.includes(row.to), row.action)
    t.ok(AUDIENCES.includes(row.audience) && (row.fields ?? []).every(field => STEP_FIELDS.includes(field)), `${row.action} fields`)
    t.ok((row.needs ?? []).every(guard => guard in GUARDS), `${row.action} guards`)
    if (row.document !== undefined) t.ok(row.document in DOCUMENTS, `${row.action} document`)
    for (const clocks of Object.values(row.clock ?? {})) t.ok(clocks.every(clock => CLOCKS.includes(clock)), `${row.action} clocks`)
    for (const role of row.by) t.ok(allows(role, row.permission), `${role} holds ${row.permission} for ${row.action}`)
    if (row.audience === 'text') t.ok(row.reason, `${row.action} has the text that it shows`)
  }
  const closing = ROWS.find(row => row.to === 'closed')
  t.same(Object.keys(closing?.outcome ?? {}).sort(), [...closing?.from ?? []].sort(), 'closing gives every complaint an outcome')
  t.same([...new Set(Object.values(closing?.outcome ?? {}))].sort(), [...OUTCOMES].sort(), 'and every outcome is given')
})

t.test('every clock that a step starts is stopped before the end, and one that is paused is resumed', async t => {
  const effects = ROWS.flatMap(row => Object.entries(row.clock ?? {}).flatMap(([effect, clocks]) => clocks.map(clock => ({ effect, clock, row }))))
  const of = (effect: string) => new Set(effects.filter(found => found.effect === effect).map(found => found.clock))
  const windows: readonly string[] = WINDOWS // they end by themselves; the urgent one is started by what was ticked, not by a step
  t.same([...of('start'), 'urgent'].filter(clock => !windows.includes(clock)).sort(), [...of('stop')].filter(clock => !windows.includes(clock)).sort())
  t.same([...of('pause')], [...of('resume')])
  const running = (path: string[]): Set<string> => path.reduce((clocks, action) => {
    const effect = ROWS.find(row => row.action === action)?.clock
    for (const clock of effect?.start ?? []) if (!windows.includes(clock)) clocks.add(clock)
    for (const clock of effect?.stop ?? []) clocks.delete(clock)
    return clocks
  }, new Set<string>())
  const FOUND = ['register', 'accept', 'start_investigation', 'propose_findings']
  const ways = [
    [...FOUND, 'reply', 'close'], ['register', 'request_supplement', 'supply_supplement', 'accept', 'withdraw', 'close'], ['register', 'accept', 'delegate', 'return_delegation', 'withdraw', 'close'],
    [...FOUND, 'begin_letter', 'issue_letter', 'object', 'dismiss_objection', 'report_rectification', 'reply', 'close'], [...FOUND, 'correct_on_spot', 'reply', 'close'], ['register', 'transfer', 'take_back', 'guide', 'insist', 'refuse', 'close'],
    [...FOUND, 'begin_letter', 'issue_letter', 'report_rectification', 'escalate', 'propose_to_government', 'government_approve', 'report_rectification', 'reply', 'close'],
    [...FOUND, 'begin_letter', 'issue_letter', 'object', 'uphold_objection', 'look_again', 'propose_findings', 'reply', 'close'], ['register', 'accept', 'delegate', 'start_investigation', 'withdraw', 'go_on_ex_officio', 'propose_findings', 'reply', 'close'],
    ['register', 'request_supplement', 'refuse', 'close'], ['register', 'guide', 'close'], ['register', 'transfer', 'close'], ['register', 'request_supplement', 'withdraw', 'close'],
    [...FOUND, 'reply', 'close', 'dispute_rectification', 'confirm_rectification', 'close'], [...FOUND, 'reply', 'request_review', 'answer_review', 'dispute_rectification', 'reply', 'close']
  ]
  for (const way of ways) t.equal(running(['submit', ...way]).size, 0, way.join(' '))
  t.same([...running(['submit', 'register'])], ['accept'])
  t.same([...running(['submit', 'register', 'accept'])], ['handle'])
})

t.test('every city gives every clock its length, with where it comes from', async t => {
  const cities = readdirSync('src/content', { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name)
  t.ok(cities.length > 0)
  for (const city of cities) {
    const { clocks }: { clocks: ClockRule[] } = JSON.parse(readFileSync(`src/content/${city}/deadlines.json`, 'utf8'))
    t.same(clocks.map(rule => rule.clock).sort(), [...CLOCKS].sort(), city)
    for (const { clock, days, dayType, kind, basis, basisEn } of clocks) {
      t.ok(Number.isInteger(days) && days > 0 && DAY_TYPES.includes(dayType) && BASIS_KINDS.includes(kind) && basis !== '' && basisEn !== '', `${city} ${clock}`)
    }
  }
})

t.test('a failing guard disables the step and says why', async t => {
  const ACTORS: Record<string, Role> = { start_investigation: 'investigator', propose_findings: 'investigator', issue_letter: 'approver', propose_to_government: 'approver' }
  const guarded: Array<[Status, string, Partial<Facts>, string]> = [
    ['findings', 'reply', { findings: ['substantiated', null] }, 'every_issue_found'],
    ['findings', 'reply', { findings: [] }, 'every_issue_found'],
    ['findings', 'reply', { ruled: [true, false] }, 'every_issue_ruled'],
    ['investigating', 'propose_findings', { checksOpen: 1 }, 'checklist_done'],
    ['verifying', 'reply', { demands: ['verified', 'claimed'] }, 'put_right_or_unfounded'],
    ['findings', 'reply', { demands: [], lettersIssued: 0 }, 'put_right_or_unfounded'],
    ['accepted', 'start_investigation', { investigators: 1 }, 'two_investigators'],
    ['accepted', 'start_investigation', { agencyKnown: false }, 'agency_known'],
    ['drafting', 'issue_letter', { approvedLetter: false }, 'letter_approved'],
    ['drafting', 'propose_to_government', { approvedDecision: false }, 'decision_approved'],
    ['registered', 'accept', { parallels: ['petition', 'litigation'] }, 'no_parallel_procedure'],
    ['needs_info', 'refuse', { supplementOpen: true, refusal: 'N12' }, 'supplement_period_over'],
    ['registered', 'refuse', { refusal: 'N10' }, 'approver_signs'],
    ['review', 'answer_review', { hadPart: true }, 'no_part_before']
  ]
  for (const [status, action, change, guard] of guarded) {
    const role = ACTORS[action] ?? 'clerk'
    const choice = choices(status, role, { ...facts, ...change }).find(row => row.action === action)
    t.match(choice, { available: false, failing: [guard] }, `${action} ${guard}`)
    t.throws(() => pick(status, action as 'reply', role, { ...facts, ...change }), refused([guard]))
    t.ok(choices(status, role, facts).find(row => row.action === action)?.available, `${action} without it`)
  }
  t.equal(pick('registered', 'refuse', 'approver', { ...facts, refusal: 'N10' }).to, 'refused', 'an approver may sign')
  t.equal(pick('registered', 'refuse', 'clerk', { ...facts, refusal: 'N01' }).to, 'refused', 'other reasons need none')
})

t.test('what time or an earlier answer stands against is said to the complainant', async t => {
  const barred: Array<[string, Partial<Facts>, string]> = [
    ['request_review', { reviewOpen: false }, 'review_window_open'], ['request_review', { reviewed: true }, 'not_reviewed_yet'],
    ['dispute_rectification', { reopeningOpen: false }, 'reopening_window_open'], ['dispute_rectification', { findings: ['not', 'unable'] }, 'something_substantiated']
  ]
  for (const status of ['replied', 'closed'] as const) {
    for (const [action, change, guard] of barred) {
      t.match(choices(status, 'complainant', { ...facts, ...change }).find(row => row.action === action), { available: false, failing: [guard] }, `${status} ${action} ${guard}`)
    }
  }
})

t.test('only what was done before the review was asked for is a part in it', async t => {
  const acts = [{ action: 'claim', actorId: 1 }, { action: 'accept', actorId: 2 }, { action: 'register', actorId: 3 }, { action: 'reply', actorId: 1 }, { action: 'request_review', actorId: null }, { action: 'claim', actorId: 3 }, { action: 'record_finding', actorId: 3 }]
  t.same([1, 2, 3, 4, null].map(id => hadPart(acts, id)), [true, true, false, false, false])
  t.notOk(hadPart(acts.slice(0, 4), 1), 'without a review there is nothing to have had a part in')
})

t.test('the public reads five stages, and each status is in exactly one', async t => {
  const grouped = Object.values(STAGES).flat()
  t.same([...grouped].sort(), [...STATUSES].sort())
  for (const status of STATUSES) t.ok((STAGES[stageOf(status)] as readonly Status[]).includes(status))
})

t.test('the diagram and the table for the documentation show every step', async t => {
  for (const row of ROWS) {
    for (const from of row.from) t.ok(mermaid().includes(`    ${from} --> ${row.to}: ${row.action}\n`), `${from} ${row.action}`)
    t.ok(workflowTable().includes(`\n| ${row.action} | `), row.action)
  }
  t.match(mermaid(), /^stateDiagram-v2\n {4}\[\*\] --> submitted: submit\n[^]*\n {4}closed --> \[\*\]$/)
  t.equal(mermaid().split('--> [*]').length, 2, 'there is one end')
  const widths = workflowTable().split('\n').map(line => line.split('|').length)
  t.same([...new Set(widths)], [15], 'every line has every column')
  t.match(workflowTable(), '| refuse | registered, needs_info | refused | clerk, triager, head, approver | complaint.triage | text, refusal, receiving_body')
})

t.test('the administrator and the auditor see nothing of a complaint, and nobody has only public', async t => {
  for (const role of ['admin', 'auditor'] as const) {
    t.notOk((Object.keys(PERMISSIONS) as Permission[]).some(permission => /^(complaint|attachment|finding)\./.test(permission) && allows(role, permission)), role)
  }
  t.ok(allows('clerk', 'complaint.triage') && allows('approver', 'complaint.triage'))
  t.notOk(allows('investigator', 'complaint.triage'))
  t.notOk(STAFF_ROLES.some(role => allows(role, 'complaint.own')), 'staff do not act as the complainant')
  t.notOk(allows('admin', 'audit.read') || allows('auditor', 'account.manage'), 'who keeps accounts does not keep the log')
  for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
    t.equal(allows(null, permission), permission === 'public', permission)
    t.ok(PERMISSIONS[permission].length > 0, `${permission} is held by somebody`)
  }
})

t.test('an identity can only become more open, and confidential is what one gets without choosing', async t => {
  t.equal(DEFAULT_IDENTITY_MODE, 'confidential')
  const allowed = codesOf(IDENTITY_MODES).flatMap(from => codesOf(IDENTITY_MODES).filter(to => mayChangeMode(from, to)).map(to => `${from} ${to}`))
  t.same(allowed, ['anonymous confidential', 'anonymous named', 'confidential named'])
  t.notOk(IDENTITY_MODES.anonymous.sealed, 'anonymous stores nothing')
})

t.test('reconsideration and litigation stand against acceptance, other ways do not', async t => {
  t.same(barring(codesOf(PARALLELS)), ['reconsideration', 'litigation'])
})

t.test('a refusal goes out only with what its reason demands', async t => {
  for (const code of codesOf(REFUSALS)) {
    const { demands, remedy } = REFUSALS[code]
    t.same(missingDemands(code, {}), demands, code)
    t.same(missingDemands(code, Object.fromEntries(demands.map(demand => [demand, true]))), [])
    t.ok(REMEDIES.includes(remedy) && demands.every(demand => DEMANDS.includes(demand)))
  }
  t.same(missingDemands('N04', { receiving_body: false, path: true }), ['receiving_body'])
  t.same(codesOf(REFUSALS), Array.from({ length: 12 }, (_, n) => `N${String(n + 1).padStart(2, '0')}`))
})

t.test('grounds point to prohibitions only where their text is known', async t => {
  t.same([1, 2, 3, 4, 5, 6].map(no => groundsOf(no)), [['G13'], ['G14'], ['G10'], ['G07'], ['G03', 'G05'], ['G08']])
  for (const no of [7, 8, 9, 10]) t.same(groundsOf(no), [])
  t.equal(codesOf(GROUNDS).length, 18)
})

t.test('a complaint is found when every issue is', async t => {
  t.ok(allFound(['not', 'unable']))
  t.notOk(allFound(['not', null]))
  t.notOk(allFound([]))
})

t.test('every code has words in both languages, and no words stand without a code', async t => {
  const read = (locale: string): Record<string, string> => Object.assign({}, ...['domain', 'process', 'clocks', 'grounds'].map(file => JSON.parse(readFileSync(`src/i18n/${locale}/${file}.json`, 'utf8')) as Record<string, string>))
  const texts = ROWS.filter(row => row.reason === true).map(row => row.action)
  const lists: Record<string, readonly string[]> = {
    status: STATUSES,
    status_help: STATUSES,
    stage: codesOf(STAGES),
    action: ACTIONS,
    event: ACTIONS,
    step_text: texts,
    step_field: STEP_FIELDS,
    guard: codesOf(GUARDS),
    outcome: OUTCOMES,
    finding: codesOf(FINDINGS),
    ground: codesOf(GROUNDS),
    ground_help: codesOf(GROUNDS),
    refusal: codesOf(REFUSALS),
    refusal_help: codesOf(REFUSALS),
    demand: DEMANDS,
    demand_state: DEMAND_STATES,
    suspension: SUSPENSIONS,
    pause: ['complainant', ...SUSPENSIONS], // why a clock waits: the complainant, or what a case is suspended for
    remedy: REMEDIES,
    path: PATHS,
    clock: CLOCKS,
    day_type: DAY_TYPES,
    basis_kind: BASIS_KINDS,
    due_step: ['started', 'working', 'calendar', 'paused', 'waiting', 'extended', 'skipped', 'rolled', 'made_up', 'due', 'due_unassured'],
    day_reason: ['weekend', 'holiday'],
    category: codesOf(CATEGORIES),
    level: codesOf(LEVELS),
    target: codesOf(TARGETS),
    penalty_kind: codesOf(PENALTY_KINDS),
    basis_level: codesOf(BASIS_LEVELS),
    agency_kind: codesOf(AGENCY_KINDS),
    certificate_status: codesOf(CERTIFICATE_STATUSES),
    certificate_type: codesOf(CERTIFICATE_TYPES),
    officer_status: OFFICER_STATUSES,
    officer_status_help: OFFICER_STATUSES,
    identity_mode: codesOf(IDENTITY_MODES),
    identity_mode_help: codesOf(IDENTITY_MODES),
    parallel: codesOf(PARALLELS),
    parallel_stage: PARALLEL_STAGES,
    review_outcome: REVIEW_OUTCOMES,
    role: ROLES,
    document: codesOf(DOCUMENTS),
    personal_kind: ['resident_id', 'phone', 'bank_card']
  }
  const expected = Object.entries(lists).flatMap(([list, codes]) => codes.map(code => `${list}.${code}`)).sort()
  for (const locale of ['zh-CN', 'en']) {
    const words = read(locale)
    t.same(Object.keys(words).sort(), expected, locale)
    for (const [key, text] of Object.entries(words)) t.ok(text.trim() !== '' && text === text.trim(), `${locale} ${key}`)
  }
  const [zh, en] = [read('zh-CN'), read('en')]
  const placeholders = (text = ''): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
  for (const key of expected) t.same(placeholders(zh[key]), placeholders(en[key]), `placeholders of ${key}`)
})
