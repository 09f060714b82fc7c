import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import t from 'tap'
import { keyId, openBytes, openText, ringOf, SealBroken, sealBytes, sealText } from '../../src/vault/seal.ts'
import { SUITE_NAMES, SUITES } from '../../src/vault/suites.ts'
import { newDataKey, unwrapDataKey } from '../../src/vault/data-keys.ts'

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex')
const KEY = Buffer.alloc(32, 7)

t.test('E-6: the platform computes SM4 and SM3 as the national standards print them', async t => {
  const key = hex('01234567 89abcdef fedcba98 76543210')
  const block = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
  t.equal(block.update(key).toString('hex'), '681edf34d206965e86b3e94f536e4246', 'GB/T 32907, example 1')
  const plain = hex(['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'aa', 'bb'].map(pair => pair.repeat(8)).join(''))
  const counter = createCipheriv('sm4-ctr', key, hex('000102030405060708090a0b0c0d0e0f'))
  t.same(counter.update(plain), hex('ac3236cb970cc207 91364c395a1342d1 a3cbc1878c6f30cd 074cce385cdd70c7 f234bc0e24c11980 fd1286310ce37b92 6e02fcd0faa0baf3 8b2933851d824514'), 'SM4-CTR')
  t.equal(createHash('sm3').update('abc').digest('hex'), '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0', 'GB/T 32905, example 1')
  t.equal(createHash('sm3').update('abcd'.repeat(16)).digest('hex'), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732', 'GB/T 32905, example 2')
})

t.test('E-6: SM digests are HMAC-SM3 over the whole text', async t => {
  const pad = (byte: number): Buffer => Buffer.concat([KEY.map(value => value ^ byte), Buffer.alloc(32, byte)])
  const sm3 = (...parts: Buffer[]): Buffer => createHash('sm3').update(Buffer.concat(parts)).digest()
  t.same(SUITES.sm.mac(KEY, '执法'), sm3(pad(0x5c), sm3(pad(0x36), Buffer.from('执法'))))
})

for (const name of SUITE_NAMES) {
  const suite = SUITES[name]

  t.test(`E-4 E-6: ${name} opens only what it sealed, whole and in its place`, async t => {
    for (const plain of [Buffer.alloc(0), Buffer.from('一'), randomBytes(65_536)]) {
      const sealed = suite.seal(KEY, plain, 'case|field')
      t.equal(sealed.length, plain.length + suite.overhead)
      t.ok(suite.open(KEY, sealed, 'case|field').equals(plain))
      t.throws(() => suite.open(KEY, sealed, 'case|other'), SealBroken, 'swapped')
      t.throws(() => suite.open(Buffer.alloc(32, 8), sealed, 'case|field'), SealBroken, 'another key')
      for (const at of [0, suite.overhead - 1, sealed.length - 1]) {
        const altered = Buffer.from(sealed)
        altered[at] = (altered[at] as number) ^ 1
        t.throws(() => suite.open(KEY, altered, 'case|field'), SealBroken, `altered at ${at}`)
      }
      for (const length of [0, 1, 12, suite.overhead - 1, sealed.length - 1]) t.throws(() => suite.open(KEY, sealed.subarray(0, length), 'case|field'), SealBroken, `cut to ${length}`)
      t.throws(() => suite.open(KEY, Buffer.concat([sealed, Buffer.alloc(1)]), 'case|field'), SealBroken, 'lengthened')
    }
    t.notSame(suite.seal(KEY, Buffer.from('a'), 'x'), suite.seal(KEY, Buffer.from('a'), 'x'), 'the same text never looks the same')
  })

  t.test(`E-4: a text sealed with ${name} names version, suite and key, and opens under either setting`, async t => {
    const sealed = sealText(ringOf(KEY, name), '我的店', 'a|b')
    t.match(sealed, new RegExp(`^v2\\.${name}\\.${keyId(KEY)}\\.[A-Za-z0-9_-]+$`))
    for (const setting of SUITE_NAMES) t.equal(openText(ringOf(KEY, setting), sealed, 'a|b'), '我的店', setting)
    const [version, suiteName, id, payload] = sealed.split('.') as [string, string, string, string]
    const other = name === 'aes' ? 'sm' : 'aes'
    for (const forged of [`${version}.${other}.${id}.${payload}`, `${version}.${suiteName}.000000000000.${payload}`, `v3.${suiteName}.${id}.${payload}`, `${sealed}.`, `a1.${payload}`, `k1.${payload}`, `${version}.toString.${id}.${payload}`, payload, '', 'v2.aes']) {
      t.throws(() => openText(ringOf(KEY, name), forged, 'a|b'), SealBroken, forged.slice(0, 24))
    }
  })

  t.test(`E-4: a data key wrapped with ${name} opens only for its own complaint`, async t => {
    const ring = ringOf(KEY, name)
    const { key, wrapped } = newDataKey(ring, 'content|one')
    t.ok(unwrapDataKey(ring, wrapped, 'content|one').current.bytes.equals(key.current.bytes))
    t.throws(() => unwrapDataKey(ring, wrapped, 'content|two'), SealBroken)
    t.throws(() => unwrapDataKey(ring, wrapped, 'identity|one'), SealBroken)
  })
}

t.test('E-4: what was stored before texts named their key still opens', async t => {
  const ring = ringOf(KEY, 'sm')
  const old = (bound: string, plain: Buffer): string => SUITES.aes.seal(KEY, plain, `a1|${bound}`).toString('base64url')
  t.equal(openText(ring, `a1.${old('a|b', Buffer.from('早先'))}`, 'a|b'), '早先')
  t.ok(unwrapDataKey(ring, `k1.${old('key|content|one', KEY)}`, 'content|one').current.bytes.equals(KEY))
  t.ok(openBytes(ring, sealBytes(ring, KEY, 'x'), 'x').equals(KEY))
})
