import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import t from 'tap'
import { fromBufferPromise } from 'yauzl'
import { check, type Verdict } from '../../src/files/check.ts'
import { ATTACHMENTS, FileRefused, KIND_NAMES, type FileKindName } from '../../src/files/limits.ts'
import { cleanFileName, kindByName, nameFor, saveAs } from '../../src/files/names.ts'
import '../fixtures/app.ts'
import { drawing, goodFiles, heic, linkTo, movie, music, paper, partsOf, photo, SECRET, TYPES, voice, zipOf } from '../fixtures/files.ts'

/** What the check says of a content: the reason of a refusal, or the verdict and the copy. */
async function look (content: Buffer, kind: FileKindName): Promise<{ reason: string } | Verdict & { made: Buffer, reason: '' }> {
  let made = Buffer.alloc(0)
  try {
    const verdict = await check(Readable.from([content]), kind, async copy => {
      made = await buffer(copy)
      return { size: made.length, sha256: '' }
    })
    return { ...verdict, made, reason: '' }
  } catch (error) {
    if (error instanceof FileRefused) return { reason: error.reason }
    throw error
  }
}
async function made (content: Buffer, kind: FileKindName): Promise<Buffer> {
  const found = await look(content, kind)
  if (found.reason === '' && 'made' in found) return found.made
  throw new Error(found.reason)
}

t.test('U-1: one good file of each kind passes, and none passes as another', async t => {
  const files = await goodFiles()
  for (const [at, { name, content }] of files.entries()) {
    const kind = KIND_NAMES[at] as FileKindName
    t.match(await look(content, kind), { reason: '', active: false }, name)
    const other = KIND_NAMES[(at + 3) % KIND_NAMES.length] as FileKindName
    t.match((await look(content, other)).reason, /disguised|not_text/, `${name} as ${other}`)
  }
  t.match(await look(await zipOf(partsOf('docx')), 'xlsx'), { reason: 'disguised' })
  t.match(await look(voice(), 'mp4'), { reason: '' }, 'sound and film are one family')
})

t.test('U-3: what a device wrote into a picture is gone, and nothing hides behind it', async t => {
  const given = await photo()
  t.ok(given.includes(SECRET))
  const drawn = await made(Buffer.concat([given, await zipOf(partsOf('docx'))]), 'jpg')
  const { exif, xmp, width } = await sharp(drawn).metadata()
  t.same([exif, xmp, width], [undefined, undefined, 60])
  t.notOk(drawn.includes(SECRET))
  t.notOk(drawn.includes('[Content_Types]'), 'a picture that is an archive too')
  t.notOk((await made(Buffer.concat([await drawing(), Buffer.from('<script>')]), 'png')).includes('<script>'))
  const fromHeic = await look(heic(), 'heic')
  t.match(fromHeic, { reason: '', mediaType: 'image/jpeg' })
  const { format, exif: left, height } = await sharp(await made(heic(), 'heic')).metadata()
  t.same([format, left, height], ['jpeg', undefined, 48])
  const turned = await sharp(given).withMetadata({ orientation: 6 }).toBuffer()
  t.equal((await sharp(await made(turned, 'jpg')).metadata()).width, 30, 'shown the way it was taken')
})

t.test('U-3: a picture that would fill the memory is refused before it is unpacked', async t => {
  const bomb = await sharp({ create: { width: 8000, height: 6000, channels: 3, background: 'red' } }).png().toBuffer()
  t.ok(bomb.length < 1_000_000)
  t.match(await look(bomb, 'png'), { reason: 'too_many_pixels' })
})

t.test('P-3 U-3: what is cut off or scrambled is broken, and the portal goes on', async t => {
  const parts = partsOf('docx')
  const whole: Array<[FileKindName, Buffer]> = [['jpg', await photo()], ['png', await drawing()], ['heic', heic()], ['pdf', await paper()], ['docx', await zipOf(parts)], ['mp4', movie()], ['m4a', voice()]]
  for (const [kind, content] of whole) {
    t.match((await look(content.subarray(0, content.length >> 1), kind)).reason, /broken|disguised/, `${kind} cut in half`)
    const scrambled = Buffer.from(content)
    randomBytes(content.length - 64).copy(scrambled, 32)
    const { reason } = await look(scrambled, kind)
    t.match(reason, /^(broken|disguised|too_many_pixels|locked|packed_too_tightly|macros)$/, `${kind} scrambled`)
  }
  t.match(await look(music().subarray(0, 24), 'mp3'), { reason: /broken|disguised/ })
  let slow = 0
  const timer = setInterval(() => { slow++ }, 10)
  const at = Date.now()
  await look(await photo(6000, 5000), 'jpg')
  clearInterval(timer)
  t.ok(slow > (Date.now() - at) / 10 * 0.6, 'the loop kept turning while thirty million pixels were drawn')
})

t.test('U-1: texts are UTF-8 or GB18030 and nothing else', async t => {
  const gb = Buffer.from([0xb5, 0xda, 0xd2, 0xbb, 0xd0, 0xd0, 0x0a])
  for (const good of [gb, Buffer.from('\uFEFF有标记\r\n'), Buffer.from('<html>只是文字')]) t.match(await look(good, 'txt'), { reason: '' })
  for (const bad of [Buffer.from('a\0b'), randomBytes(2000), Buffer.from([0x1b, 0x5b, 0x32, 0x4a]), Buffer.from([0xff, 0xff, 0xff])]) t.match(await look(bad, 'txt'), { reason: /not_text|disguised/ })
})

t.test('U-1: documents that run, embed, fetch, burst or are locked are refused, each with its reason', async t => {
  const of = async (changes: Record<string, string | Buffer>, type = ''): Promise<string> => (await look(await zipOf({ ...partsOf('docx', type), ...changes }), 'docx')).reason
  t.equal(await of({ 'word/vbaProject.bin': 'x' }), 'macros')
  t.equal(await of({ 'word/activeX/activeX1.xml': 'x' }), 'macros')
  t.equal(await of({}, 'application/vnd.ms-word.document.macroEnabled.main+xml'), 'macros')
  t.equal(await of({ 'word/embeddings/oleObject1.bin': 'x' }), 'embedded')
  t.equal(await of({ 'word/_rels/settings.xml.rels': linkTo('attachedTemplate', 'http://evil.example/t.dotm') }), 'external')
  t.equal(await of({ 'word/_rels/document.xml.rels': linkTo('hyperlink', 'https://example.cn') }), '', 'an ordinary link is no fault')
  t.equal(await of({ 'word/_rels/document.xml.rels': '<!DOCTYPE x [<!ENTITY a "b">]><Relationships/>' }), 'broken')
  t.match(await look(await zipOf({ ...partsOf('xlsx'), 'xl/externalLinks/externalLink1.xml': 'x' }), 'xlsx'), { reason: 'external' })
  t.equal(await of({ 'word/media/image1.bmp': Buffer.alloc(30 * 1024 * 1024) }), 'packed_too_tightly')
  t.equal(await of(Object.fromEntries(Array.from({ length: 3100 }, (_, at) => [`word/p${at}.xml`, '']))), 'packed_too_tightly')
  const lying = await zipOf({ ...partsOf('docx'), 'word/media/a.bmp': Buffer.alloc(400_000) })
  for (let at = lying.indexOf('PK\x01\x02'); at >= 0; at = lying.indexOf('PK\x01\x02', at + 4)) if (lying.toString('latin1', at + 46, at + 62) === 'word/media/a.bmp') lying.writeUInt32LE(10, at + 24)
  t.match(await look(lying, 'docx'), { reason: 'broken' }, 'an entry that is larger than it says')
  const outside = Buffer.from((await zipOf({ ...partsOf('docx'), 'aa/aa/evil': 'x' })).toString('latin1').replaceAll('aa/aa/evil', '../../evil'), 'latin1')
  t.match(await look(outside, 'docx'), { reason: 'broken' }, 'a name that leads outside')
  const locked = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(600)])
  t.match(await look(locked, 'docx'), { reason: 'locked' })
  t.match(await look(Buffer.concat([locked.subarray(0, 600), Buffer.alloc(600)]), 'docx'), { reason: 'disguised' }, 'an old document under a new name')
})

t.test('U-3: a document is packed anew without author and company, and is the same each time', async t => {
  const given = await zipOf(partsOf('docx'))
  const anew = await made(given, 'docx')
  t.same(await made(given, 'docx'), anew)
  const zip = await fromBufferPromise(anew, { lazyEntries: true })
  const texts: Record<string, string> = {}
  for await (const entry of zip.eachEntry()) texts[entry.fileName] = (await buffer(await zip.openReadStreamPromise(entry))).toString()
  t.match(texts['word/document.xml'], '一句话')
  t.match(texts['docProps/core.xml'], 'coreProperties')
  t.notMatch(JSON.stringify(texts), SECRET)
})

t.test('U-3: a PDF that only its owner may change passes; one with a password does not; one that could run is marked', async t => {
  t.match(await look(await paper({ ownerPassword: 'bank' }), 'pdf'), { reason: '', active: false, copy: null })
  t.match(await look(await paper({ userPassword: 'me', ownerPassword: 'bank' }), 'pdf'), { reason: 'locked' })
  t.match(await look(await paper(undefined, 'app.alert(1)'), 'pdf'), { reason: '', active: true })
  t.match(await look(Buffer.concat([Buffer.from('<html><script>1</script>'), await paper()]), 'pdf'), { reason: 'disguised' }, 'a page in front of a paper')
})

t.test('U-4 V-2: names lose what could mislead, and say what they are saved as', async t => {
  t.equal(cleanFileName('C:\\照片\\..\\现场\u202Egpj.jpg'), '现场gpj.jpg')
  t.equal(cleanFileName('../../etc/passwd.txt'), 'passwd.txt')
  t.equal(cleanFileName('a\0b\nc.png'), 'abc.png')
  t.equal([...cleanFileName(`${'长'.repeat(300)}.docx`)].length, 120)
  for (const nameless of ['', '.jpg', '..', ' .png', 'x/', '\u202E.jpg']) t.throws(() => cleanFileName(nameless), { message: 'nameless' }, JSON.stringify(nameless))
  t.equal(kindByName('a.JPEG', ''), 'jpg')
  t.equal(kindByName('a.heif', 'application/octet-stream'), 'heic')
  t.equal(kindByName('a.txt', 'text/plain; charset=utf-8'), 'txt')
  t.throws(() => kindByName('a.exe', ''), { message: 'wrong_type' })
  t.throws(() => kindByName('a.pdf', 'text/html'), { message: 'disguised' })
  t.equal(nameFor('现场.HEIC', TYPES.jpg), '现场.jpg')
  t.equal(nameFor('现场.JPEG', TYPES.jpg), '现场.JPEG')
  t.equal(saveAs('现"场\'.jpg'), 'attachment; filename="___\'.jpg"; filename*=UTF-8\'\'%E7%8E%B0%22%E5%9C%BA%27.jpg')
  t.equal(ATTACHMENTS.files, 20)
})

t.test('P-5: where no process can be started the place is given back', async t => {
  const { execPath } = process
  process.execPath = 'no\0program'
  try {
    for (let at = 0; at < 5; at++) await t.rejects(look(Buffer.from('a text'), 'txt'), { code: 'ERR_INVALID_ARG_VALUE' })
  } finally {
    process.execPath = execPath
  }
  t.match(await look(Buffer.from('a text'), 'txt'), { reason: '' })
})
