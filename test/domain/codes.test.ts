import t from 'tap'
import {
  isRegionCode, normaliseCertificate, normaliseDocumentNumber, normalisePhone, normaliseResidentId, normaliseUscc, passesLuhn, residentIdCheck
} from '../../src/domain/records/codes.ts'
import {
  AGENCY_KINDS, BASIS_LEVELS, CATEGORIES, LEVELS, PENALTY_KINDS, TARGETS, TIME_UNITS, codesOf, recognise, recogniseAll
} from '../../src/domain/records/enumerations.ts'
import { detectPersonal, maskName } from '../../src/domain/records/masking.ts'
import { CERTIFICATE_STATUSES, CERTIFICATE_TYPES } from '../../src/domain/records/officer-status.ts'
import { groupQueryCode, isReference, newQueryCode, newReference, normaliseQueryCode, normaliseReference } from '../../src/domain/records/receipts.ts'

const USCC = ['11210100000000001M', '12210100123456789R', '91210100MA0ABCDE1E']
const fullWidth = (text: string): string => text.replace(/[!-~]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xFEE0))
const residentId = (first17: string): string => `${first17}${residentIdCheck(first17)}`

t.test('a unified social credit code is recognised however it is typed, and any wrong character is caught', async t => {
  for (const code of USCC) {
    t.equal(normaliseUscc(code), code)
    t.equal(normaliseUscc(` ${fullWidth(code.toLowerCase())}\u3000`), code, 'full width, lower case and spaces')
    for (let at = 0; at < 18; at++) {
      for (const other of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        if (other === code[at]) continue
        const wrong = code.slice(0, at) + other + code.slice(at + 1)
        if (normaliseUscc(wrong) !== null) t.fail(`${wrong} passed for ${code}`)
      }
    }
  }
  for (const wrong of ['', '1121010000000000', `${USCC[0]}0`, '11210100000000001I', '1121010000000000SM', '张三']) t.equal(normaliseUscc(wrong), null, wrong)
})

t.test('a resident ID needs its check digit, a province and a birthday that exists and has been', async t => {
  const id = residentId('21010219900307123')
  t.equal(normaliseResidentId(id), id)
  t.equal(normaliseResidentId(fullWidth(` ${id.slice(0, 6)} ${id.slice(6)}`)), id)
  const withX = Array.from({ length: 50 }, (_, n) => residentId(`210102199003071${String(n).padStart(2, '0')}`)).find(id => id.endsWith('X')) ?? ''
  t.equal(normaliseResidentId(withX.toLowerCase()), withX, 'x in lower case')
  for (let at = 0; at < 17; at++) {
    const wrong = id.slice(0, at) + String((Number(id[at]) + 1) % 10) + id.slice(at + 1)
    t.equal(normaliseResidentId(wrong), null, `wrong digit ${at + 1}`)
  }
  t.equal(normaliseResidentId(residentId('21010219900230123')), null, '30 February')
  t.equal(normaliseResidentId(residentId('21010218991231123')), null, 'born in 1899')
  t.equal(normaliseResidentId(residentId('99010219900307123')), null, 'no such province')
  t.equal(normaliseResidentId(residentId('21010220300307123'), '2026-11-23'), null, 'not born yet')
  t.equal(normaliseResidentId(id, '1990-03-07'), id, 'born today')
  t.equal(normaliseResidentId('210102900307123'), null, 'the old form of fifteen digits')
})

t.test('known numbers of other sources pass the same checks', async t => {
  t.equal(normaliseResidentId('11010519491231002X'), '11010519491231002X', 'the example of GB 11643')
  t.equal(residentIdCheck('44052418800101001'), '4', 'its other example')
  t.equal(normaliseResidentId(residentId('83000019900307123')), residentId('83000019900307123'), 'permit of a resident from Taiwan')
  t.equal(normaliseResidentId(residentId('50010119000101123')), residentId('50010119000101123'), 'born on the first day that counts')
  for (const digits of ['79927398713', '4111111111111111', '5500000000000004', '378282246310005']) t.ok(passesLuhn(digits), digits)
  for (const digits of ['79927398710', '4111111111111112', '4111111111111121']) t.notOk(passesLuhn(digits), digits)
  const seven = [...'0000000572'].map(Number)
  t.equal(newReference(() => Uint8Array.from(seven)), 'TS00000005724', 'Damm: 572 has the check digit 4')
})

t.test('telephone numbers come into one form, and what is none is refused', async t => {
  const same: Record<string, string> = {
    '138 1234 5678': '13812345678',
    '１３８１２３４５６７８': '13812345678',
    '+86 138-1234-5678': '13812345678',
    '008613812345678': '13812345678',
    '024-12345678': '024-12345678',
    '02412345678': '024-12345678',
    '(024)12345678': '024-12345678',
    '（０２４）１２３４５６７８': '024-12345678',
    '024－12345678－12': '024-12345678-12',
    '024-12345678-1': '024-12345678-1',
    '04511234567': '0451-1234567',
    '010-1234567': '010-1234567',
    4001234567: '400-123-4567',
    '400-123-4567': '400-123-4567',
    12345: '12345',
    110: '110',
    96178: '96178'
  }
  for (const [typed, number] of Object.entries(same)) t.equal(normalisePhone(typed), number, typed)
  for (const wrong of ['', '12345678901', '1381234567', '138123456789', '24-12345678', '024-123456', '00012345678', 'abc', '1234', '99999']) t.equal(normalisePhone(wrong), null, wrong)
})

t.test('division codes, document numbers and certificate numbers keep to their shape', async t => {
  for (const code of ['210100', '210102001', '210102001001']) t.ok(isRegionCode(code), code)
  for (const code of ['2101', '2101020', '21010a', '2101020010010', '']) t.notOk(isRegionCode(code), code)
  for (const typed of ['沈司执监督〔2026〕12号', '沈司执监督[2026]12号', '沈司执监督（2026）12号', '沈司执监督【２０２６】第12号', ' 沈司执监督 ［2026］ 12 号']) {
    t.equal(normaliseDocumentNumber(typed), '沈司执监督〔2026〕12号', typed)
  }
  t.equal(normaliseDocumentNumber('沈〔2026〕1号'), '沈〔2026〕1号')
  for (const wrong of ['', '沈司〔26〕1号', '〔2026〕1号', '沈司〔2026〕号', '沈司〔2026〕1', `${'沈'.repeat(31)}〔2026〕1号`]) t.equal(normaliseDocumentNumber(wrong), null, wrong)
  t.equal(normaliseCertificate(' ２１０１－0001 '), '2101-0001')
  t.equal(normaliseCertificate('辽a（0001）'), '辽A(0001)')
  for (const wrong of ['', '123', '<script>', 'A'.repeat(31)]) t.equal(normaliseCertificate(wrong), null, wrong)
  t.equal(normaliseCertificate('123456', /^\d{11}$/), null, 'a city may ask for more')
})

const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, at) => (at * 37 + 11) % 256)

t.test('R-1: a reference is TS, ten digits and a check digit that catches one wrong digit and every swap of neighbours', async t => {
  for (let round = 0; round < 60; round++) {
    const reference = newReference(n => bytes(n).map(byte => (byte + round * 29) % 250))
    t.match(reference, /^TS\d{11}$/)
    t.ok(isReference(reference))
    for (let at = 2; at < 13; at++) {
      for (let digit = 0; digit < 10; digit++) {
        const wrong = reference.slice(0, at) + String(digit) + reference.slice(at + 1)
        if (wrong !== reference && isReference(wrong)) t.fail(`${wrong} passed for ${reference}`)
      }
      const swapped = reference.slice(0, at) + (reference[at + 1] ?? '') + (reference[at] ?? '') + reference.slice(at + 2)
      if (swapped !== reference && isReference(swapped)) t.fail(`${swapped} passed for ${reference}`)
    }
  }
})

t.test('receipts may be typed with spaces, hyphens, full width or lower case', async t => {
  const reference = newReference(bytes)
  const digits = reference.slice(2)
  for (const typed of [reference.toLowerCase(), ` TS ${digits.slice(0, 5)} ${digits.slice(5)}`, fullWidth(`ts-${digits}`), digits, `TS—${digits}`]) t.equal(normaliseReference(typed), reference, typed)
  for (const wrong of ['', 'TS', digits.slice(1), `TX${digits}`, `${reference}0`]) t.equal(normaliseReference(wrong), null, wrong)
  const code = newQueryCode(bytes)
  t.match(code, /^\d{16}$/)
  t.match(groupQueryCode(code), /^\d{4} \d{4} \d{4} \d{4}$/)
  for (const typed of [groupQueryCode(code), fullWidth(code), code.replace(/(.{4})(?=.)/g, '$1-')]) t.equal(normaliseQueryCode(typed), code, typed)
  for (const wrong of ['', code.slice(1), `${code}1`, `${code.slice(1)}a`]) t.equal(normaliseQueryCode(wrong), null, wrong)
})

t.test('R-1 R-2: random digits are even: bytes that would favour some are thrown away', async t => {
  let turn = 0
  const codes = Array.from({ length: 125 }, () => newQueryCode(n => Uint8Array.from({ length: n }, () => turn++ % 256))).join('')
  const counts = Array.from({ length: 10 }, (_, digit) => codes.split(String(digit)).length - 1)
  t.equal(Math.max(...counts) - Math.min(...counts), 0, counts.join(' '))
})

t.test('names, numbers and telephones are masked', async t => {
  const names: Record<string, string> = { 张三: '张**', 张三丰: '张**', 欧阳修: '欧阳**', 欧阳: '欧**', 买买提·吐尔逊: '买**', 'Li Wei': 'L**', 𠮷田: '𠮷**', ' 王五 ': '王**', '': '' }
  for (const [name, masked] of Object.entries(names)) t.equal(maskName(name), masked, name)
})

t.test('personal data in running text is found where it stands', async t => {
  const id = residentId('21010219900307123')
  const card = Array.from({ length: 10 }, (_, n) => `621700123456789012${n}`).find(passesLuhn) ?? ''
  const text = `我叫张三，身份证${fullWidth(id)}，电话138 1234 5678，座机024-12345678；卡号${card.replace(/(.{4})/g, '$1 ').trim()}。编号TS${'1'.repeat(11)}，金额1234567890元。`
  const found = detectPersonal(text)
  t.same(found.map(span => span.kind), ['resident_id', 'phone', 'phone', 'bank_card'])
  t.same(found.map(span => text.slice(span.start, span.end)), [fullWidth(id), '138 1234 5678', '024-12345678', card.replace(/(.{4})/g, '$1 ').trim()])
  const wrong = id.slice(0, 16) + String((Number(id[16]) + 1) % 10) + id.slice(17)
  t.notOk(detectPersonal(`号码${wrong}`).some(span => span.kind === 'resident_id'), 'a wrong check digit is no ID')
  t.same(detectPersonal(`文号${card.slice(0, -1)}${(Number(card.at(-1)) + 1) % 10}`), [], 'a wrong card is none')
  for (const inside of [`0${id}`, `${card}0`, `0${card}`, '113812345678', '0024-12345678', 'a13812345678']) t.same(detectPersonal(inside), [], `${inside} is part of something else`)
  for (const whole of ['013812345678', '+86 13812345678', '0451-1234567', '02412345678']) t.match(detectPersonal(whole), [{ start: 0, end: whole.length, kind: 'phone' }], whole)
  t.equal(detectPersonal(`${id}`).length, 1, 'at both ends of the text')
  t.same(detectPersonal(''), [])
})

const LISTS = { CATEGORIES, LEVELS, TARGETS, PENALTY_KINDS, BASIS_LEVELS, AGENCY_KINDS, TIME_UNITS, CERTIFICATE_STATUSES, CERTIFICATE_TYPES }

t.test('every value of every list is recognised by key, official name and alias', async t => {
  for (const [name, table] of Object.entries(LISTS)) {
    for (const [key, entry] of Object.entries(table)) {
      const names = [key, entry.zh, ...'aliases' in entry ? entry.aliases : [], ...'code' in entry ? [entry.code] : []]
      for (const written of names) t.ok(recogniseAll(table, ` ${fullWidth(written)} `).keys.includes(key as never), `${name} ${written}`)
    }
    t.equal(recognise(table, '公共服务'), null, `${name} does not guess`)
    t.equal(recognise(table, ''), null)
  }
  t.equal(new Set(codesOf(CATEGORIES).map(key => CATEGORIES[key].code)).size, codesOf(CATEGORIES).length, 'codes are unique')
})

t.test('the cells of real lists are understood', async t => {
  t.equal(recognise(CATEGORIES, '行政征收（含征用）'), 'levy')
  t.equal(recognise(CATEGORIES, 'cf'), 'penalty')
  t.same(recogniseAll(LEVELS, '市级、区县级'), { keys: ['city', 'county'], unknown: [] })
  t.same(recogniseAll(LEVELS, '县（市、区）级'), { keys: ['county'], unknown: [] }, 'a name with a comma of its own')
  t.same(recogniseAll(TARGETS, '自然人、法人及其他组织'), { keys: ['person', 'legal_person', 'unincorporated'], unknown: [] })
  t.same(recogniseAll(TARGETS, '法人及其他组织'), { keys: ['legal_person', 'unincorporated'], unknown: [] })
  t.same(recogniseAll(PENALTY_KINDS, '罚款、没收、吊销许可证件、限制从业'), { keys: ['fine', 'confiscation', 'occupation_barred', 'licence_revoked'], unknown: [] })
  t.same(recogniseAll(PENALTY_KINDS, '没收违法所得、没收非法财物'), { keys: ['confiscation'], unknown: [] })
  t.same(recogniseAll(PENALTY_KINDS, '罚款； 鞭刑 '), { keys: ['fine'], unknown: ['鞭刑'] })
  t.same(recogniseAll(PENALTY_KINDS, ''), { keys: [], unknown: [] })
})
