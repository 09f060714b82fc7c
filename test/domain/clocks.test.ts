import chineseDays from 'chinese-days'
import fc from 'fast-check'
import t from 'tap'
import { addDays, createCalendar, daysBetween, isDate, localDate, startOfDay, type CalendarDay } from '../../src/domain/time/calendar.ts'
import { dueOn, dueState, explain, extendClock, pauseClock, replayClock, resumeClock, startClock, usedOf, type DayType } from '../../src/domain/time/clocks.ts'
import { officerStatus, type CertificateRecord } from '../../src/domain/records/officer-status.ts'

function * officialDays (): Generator<CalendarDay> {
  for (let date = '2025-01-01'; date <= '2026-12-31'; date = addDays(date, 1)) yield { date, isWorkday: chineseDays.isWorkday(date) ? 1 : 0 }
}
const calendar = createCalendar(officialDays())
const working = (days: number) => ({ days, dayType: 'working' as const })
const plain = (days: number) => ({ days, dayType: 'calendar' as const })
const at = (date: string): string => `${date}T02:00:00.000Z` // ten in the morning in China

t.test('working days follow the official calendar', async t => {
  const vectors: Array<[string, number, string]> = [
    ['2026-01-29', 5, '2026-02-05'], ['2026-02-10', 5, '2026-02-24'], ['2026-02-12', 7, '2026-02-28'], ['2026-04-03', 3, '2026-04-09'],
    ['2026-04-30', 7, '2026-05-13'], ['2026-06-18', 2, '2026-06-23'], ['2026-09-18', 5, '2026-09-24'], ['2026-09-24', 3, '2026-09-30'],
    ['2026-09-30', 5, '2026-10-13'], ['2026-09-28', 20, '2026-10-30'], ['2026-12-28', 3, '2026-12-31'], ['2025-12-30', 5, '2026-01-07']
  ]
  for (const [start, days, due] of vectors) {
    t.match(calendar.addWorkingDays(start, days), { date: due, assured: true }, `${start} and ${days} working days`)
    t.equal(calendar.workingDaysBetween(start, due), days, `back from ${due}`)
    t.equal(dueOn(at(start), working(days), calendar).date, due)
  }
})

t.test('calendar days that end on a rest day move to the next working day', async t => {
  const vectors: Array<[string, number, string]> = [
    ['2026-09-01', 30, '2026-10-08'], ['2026-08-04', 60, '2026-10-08'], ['2026-01-20', 30, '2026-02-24'], ['2026-05-20', 30, '2026-06-22'], ['2026-07-10', 60, '2026-09-08']
  ]
  for (const [start, days, due] of vectors) t.match(dueOn(at(start), plain(days), calendar), { date: due, assured: true }, `${start} and ${days} days`)
})

t.test('the answer tells which days were skipped and which weekend days were worked', async t => {
  t.same(calendar.addWorkingDays('2026-02-12', 3), {
    date: '2026-02-24',
    assured: true,
    madeUp: ['2026-02-14'],
    skipped: [
      { date: '2026-02-15', reason: 'weekend' }, { date: '2026-02-16', reason: 'holiday' }, { date: '2026-02-17', reason: 'holiday' },
      { date: '2026-02-18', reason: 'holiday' }, { date: '2026-02-19', reason: 'holiday' }, { date: '2026-02-20', reason: 'holiday' },
      { date: '2026-02-21', reason: 'weekend' }, { date: '2026-02-22', reason: 'weekend' }, { date: '2026-02-23', reason: 'holiday' }
    ]
  })
  t.same(calendar.rollForward('2026-11-23'), { date: '2026-11-23', assured: true, skipped: [], madeUp: [] })
  t.equal(calendar.addWorkingDays('2026-11-21', 0).date, '2026-11-23', 'no days at all still end on a working day')
  t.equal(calendar.workingDaysBetween('2026-11-23', '2026-11-20'), 0)
})

t.test('a year without official data is counted Monday to Friday and flagged', async t => {
  t.ok(calendar.covers('2026-12-31'))
  t.notOk(calendar.covers('2027-01-01'))
  t.match(calendar.addWorkingDays('2026-12-30', 1), { date: '2026-12-31', assured: true })
  t.match(calendar.addWorkingDays('2026-12-30', 2), { date: '2027-01-01', assured: false })
  t.match(calendar.rollForward('2027-01-02'), { date: '2027-01-04', assured: false, skipped: [{ date: '2027-01-02', reason: 'weekend' }, { date: '2027-01-03', reason: 'weekend' }] })
  t.ok(createCalendar([]).isWorkday('2027-01-04'))
  t.notOk(createCalendar([]).isWorkday('2027-01-03'))
  for (const days of [-1, 1.5, NaN]) t.throws(() => calendar.addWorkingDays('2026-11-23', days), RangeError)
})

t.test('dates are those on the wall in China', async t => {
  t.equal(localDate('2026-11-22T15:59:59.999Z'), '2026-11-22')
  t.equal(localDate('2026-11-22T16:00:00.000Z'), '2026-11-23')
  t.equal(startOfDay('2026-11-23'), '2026-11-22T16:00:00.000Z')
  t.equal(localDate(startOfDay('2026-11-23')), '2026-11-23')
  t.equal(daysBetween('2026-11-23', '2026-11-20'), -3)
  for (const date of ['2024-02-29', '2026-12-31']) t.ok(isDate(date), date)
  for (const date of ['2026-02-29', '2026-13-01', '2026-1-1', '23.11.2026', '']) t.notOk(isDate(date), date)
  t.equal(dueOn('2026-11-22T16:30:00.000Z', working(1), calendar).date, '2026-11-24', 'half past midnight on the 23rd')
})

t.test('a pause gives the days back, no more and no less', async t => {
  const running = startClock(at('2026-11-02'), working(5), calendar)
  t.same(running, { anchorOn: '2026-11-02', daysLeft: 5, dueOn: '2026-11-09', assured: true, pausedOn: null })
  const paused = pauseClock(running, at('2026-11-04'), 'working', calendar)
  t.match(paused, { daysLeft: 3, pausedOn: '2026-11-04' })
  t.same(pauseClock(paused, at('2026-11-05'), 'working', calendar), paused, 'a second pause changes nothing')
  t.match(resumeClock(paused, at('2026-11-04'), 'working', calendar), { dueOn: '2026-11-09', pausedOn: null }, 'resumed on the same day')
  t.match(resumeClock(paused, at('2026-11-12'), 'working', calendar), { dueOn: '2026-11-17', daysLeft: 3 }, 'six working days later')
  t.same(resumeClock(running, at('2026-11-12'), 'working', calendar), running, 'what runs cannot be resumed')

  const long = startClock(at('2026-07-10'), plain(60), calendar)
  const stopped = pauseClock(long, at('2026-07-20'), 'calendar', calendar)
  t.equal(pauseClock(long, at('2026-07-10'), 'calendar', calendar).daysLeft, 60, 'on the first day nothing is used up')
  t.match(stopped, { daysLeft: 50, pausedOn: '2026-07-20' })
  t.equal(resumeClock(stopped, at('2026-07-30'), 'calendar', calendar).dueOn, '2026-09-18', 'ten days later')
})

t.test('a pause does not heal lateness', async t => {
  const running = startClock(at('2026-11-02'), working(5), calendar)
  t.same(pauseClock(running, at('2026-11-10'), 'working', calendar), running)
  t.match(pauseClock(running, at('2026-11-09'), 'working', calendar), { daysLeft: 0, pausedOn: '2026-11-09' }, 'on the last day it can still wait')
  const rolled = startClock(at('2026-09-01'), plain(30), calendar)
  t.match(pauseClock(rolled, at('2026-10-05'), 'calendar', calendar), { daysLeft: 0 }, 'in the rest days after the thirtieth nothing is left')
})

t.test('a chip is soon in the last quarter or the last day', async t => {
  const chips: Array<[string, string, string, string]> = [
    ['2026-11-30', '2026-11-23', '2026-11-20', 'calm'], ['2026-11-30', '2026-11-28', '2026-11-20', 'soon'], ['2026-11-24', '2026-11-23', '2026-11-22', 'soon'],
    ['2026-11-28', '2026-11-26', '2026-11-20', 'calm'], ['2026-11-23', '2026-11-23', '2026-11-22', 'today'], ['2026-11-22', '2026-11-23', '2026-11-01', 'overdue'], ['2027-01-30', '2026-11-30', '2026-12-01', 'calm']
  ]
  for (const [due, today, started, state] of chips) t.equal(dueState(due, today, started), state, `${due} seen on ${today}`)
})

t.test('the arithmetic of a due date can be told step by step', async t => {
  t.same(explain(at('2026-09-24'), working(3), calendar), [
    { step: 'started', date: '2026-09-24' },
    { step: 'working', days: 3, from: '2026-09-24' },
    { step: 'skipped', days: [{ date: '2026-09-25', reason: 'holiday' }, { date: '2026-09-26', reason: 'weekend' }, { date: '2026-09-27', reason: 'weekend' }] },
    { step: 'due', date: '2026-09-30' }
  ])
  t.match(explain(at('2026-02-13'), working(1), calendar), [{ step: 'started' }, { step: 'working' }, { step: 'made_up', dates: ['2026-02-14'] }, { step: 'due', date: '2026-02-14' }])
  t.match(explain(at('2026-05-20'), plain(30), calendar).slice(1), [{ step: 'calendar', days: 30 }, { step: 'rolled', days: [{}, {}, {}] }, { step: 'due', date: '2026-06-22' }])
  t.match(explain(at('2026-11-21'), plain(1), calendar).at(-2), { step: 'rolled', days: [{ date: '2026-11-22' }] }, 'one day only')
  t.equal(explain(at('2026-12-28'), working(10), calendar).at(-1)?.step, 'due_unassured')
})

t.test('the arithmetic of a paused clock agrees with the clock', async t => {
  const start = at('2026-11-02')
  t.same(explain(start, working(5), calendar, { pauses: [{ from: '2026-11-04', to: '2026-11-12' }] }), [
    { step: 'started', date: '2026-11-02' },
    { step: 'paused', from: '2026-11-04', to: '2026-11-12', why: 'complainant' },
    { step: 'working', days: 3, from: '2026-11-12' },
    { step: 'skipped', days: [{ date: '2026-11-14', reason: 'weekend' }, { date: '2026-11-15', reason: 'weekend' }] },
    { step: 'due', date: '2026-11-17' }
  ])
  t.same(explain(start, working(5), calendar, { pauses: [{ from: '2026-11-04', to: null, why: 'appraisal' }] }), [{ step: 'started', date: '2026-11-02' }, { step: 'waiting', from: '2026-11-04', why: 'appraisal' }])
  t.same(explain(start, working(5), calendar, { pauses: [{ from: '2026-11-20', to: '2026-11-25' }] }), explain(start, working(5), calendar), 'a pause after the end is none')
})

t.test('a certificate is in one of five states', async t => {
  const today = '2026-11-23'
  const record = (change: Partial<CertificateRecord>): CertificateRecord => ({ status: 'valid', validFrom: '2024-01-01', validTo: '2028-12-31', ...change })
  const states: Array<[CertificateRecord | null, string, string]> = [
    [null, 'not_found', 'no record'],
    [record({}), 'valid', 'in its period'],
    [record({ validFrom: null, validTo: null }), 'valid', 'without printed dates'],
    [record({ validTo: '2026-12-24' }), 'valid', '31 days left'],
    [record({ validTo: '2026-12-23' }), 'expiring', '30 days left'],
    [record({ validTo: today }), 'expiring', 'its last day'],
    [record({ validTo: '2026-11-22' }), 'expired', 'the day after'],
    [record({ validFrom: today }), 'valid', 'its first day'],
    [record({ validFrom: '2026-11-24' }), 'expired', 'not yet begun'],
    [record({ status: 'expired' }), 'expired', 'called expired'],
    [record({ status: 'suspended' }), 'suspended', 'suspended'],
    [record({ status: 'cancelled' }), 'suspended', 'cancelled'],
    [record({ status: 'revoked', validTo: '2020-01-01' }), 'suspended', 'revoked and over']
  ]
  for (const [certificate, state, why] of states) t.equal(officerStatus(certificate, today), state, why)
})

t.test('on any calendar the arithmetic holds', async t => {
  const FIRST = '2026-01-01'
  // Two years of random rest days; the third is not official. At least every tenth day is worked, as in life.
  const calendars = fc.array(fc.boolean(), { minLength: 730, maxLength: 730 }).map(bits => createCalendar(bits.map((bit, at) => ({ date: addDays(FIRST, at), isWorkday: bit || at % 10 === 0 }))))
  const dates = fc.integer({ min: 0, max: 500 }).map(at => addDays(FIRST, at))
  const spans = fc.integer({ min: 0, max: 90 })
  const types = fc.constantFrom<DayType>('working', 'calendar')
  const holds = <T extends [unknown, ...unknown[]]>(what: string, property: fc.IProperty<T>): void => { t.doesNotThrow(() => { fc.assert(property, { numRuns: 60, seed: 20261123 }) }, what) }

  holds('a due date is no rest day', fc.property(calendars, dates, spans, types, (calendar, start, days, dayType) => calendar.isWorkday(dueOn(at(start), { days, dayType }, calendar).date)))
  holds('adding working days is the inverse of counting them', fc.property(calendars, dates, spans, (calendar, start, days) => days === 0 || calendar.workingDaysBetween(start, calendar.addWorkingDays(start, days).date) === days))
  holds('more days are never earlier, a later start neither', fc.property(calendars, dates, spans, types, (calendar, start, days, dayType) =>
    dueOn(at(start), { days: days + 1, dayType }, calendar).date >= dueOn(at(start), { days, dayType }, calendar).date && dueOn(at(addDays(start, 1)), { days, dayType }, calendar).date >= dueOn(at(start), { days, dayType }, calendar).date))
  holds('pausing and resuming on one day changes nothing', fc.property(calendars, dates, spans, types, spans, (calendar, start, days, dayType, later) => {
    const clock = startClock(at(start), { days, dayType }, calendar)
    const on = at(addDays(start, later))
    return on.slice(0, 10) > clock.dueOn || (dayType === 'calendar' && daysBetween(start, on.slice(0, 10)) > days) || resumeClock(pauseClock(clock, on, dayType, calendar), on, dayType, calendar).dueOn === clock.dueOn
  }))
  holds('an extension adds exactly its days', fc.property(calendars, dates, spans, types, spans, (calendar, start, days, dayType, more) =>
    extendClock(startClock(at(start), { days, dayType }, calendar), more, dayType, calendar).dueOn === startClock(at(start), { days: days + more, dayType }, calendar).dueOn))
  holds('a date is assured if and only if no day without data was touched', fc.property(calendars, dates, fc.integer({ min: 0, max: 400 }), types, (calendar, start, days, dayType) => {
    const found = dueOn(at(start), { days, dayType }, calendar)
    return found.assured === calendar.covers(found.date)
  }))
  holds('a clock replayed from its start is the clock, and again', fc.property(calendars, dates, fc.integer({ min: 1, max: 90 }), types, fc.tuple(spans, spans, spans), (calendar, start, days, dayType, [wait, pause, more]) => {
    const rule = { days, dayType }
    const [from, to] = [addDays(start, wait), addDays(start, wait + pause)]
    const paused = pauseClock(startClock(at(start), rule, calendar), at(from), dayType, calendar)
    const pauses = paused.pausedOn === null ? [] : [{ from, to }]
    const state = extendClock(resumeClock(paused, at(to), dayType, calendar), more, dayType, calendar)
    const replayed = replayClock(at(start), rule, calendar, { pauses, extensions: [{ on: addDays(to, 1), days: more }] })
    const last = explain(at(start), rule, calendar, { pauses, extensions: [{ on: addDays(to, 1), days: more }] }).at(-1)
    return JSON.stringify(state) === JSON.stringify(replayed) && last !== undefined && 'date' in last && last.date === state.dueOn
  }))
  holds('what is used up only grows and ends with the due date', fc.property(calendars, dates, fc.integer({ min: 1, max: 90 }), types, spans, (calendar, start, days, dayType, later) => {
    const clock = startClock(at(start), { days, dayType }, calendar)
    const used = (today: string): number => usedOf(clock, days, { dayType, today }, calendar).used
    return used(addDays(start, later + 1)) >= used(addDays(start, later)) && used(clock.dueOn) === days
  }))
})
