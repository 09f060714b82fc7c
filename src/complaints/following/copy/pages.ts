import Type from 'typebox'
import type { App } from '../../../app.ts'
import { maskContact, maskName } from '../../../domain/records/masking.ts'
import type { Db } from '../../../db/schema.ts'
import { ROUTES } from '../../../paths.ts'
import type { Keys } from '../../../vault/keys.ts'
import type { Frame } from '../../../views.ts'
import { openIdentity } from '../../case/ledger/sealing.ts'
import { findTracking } from '../../case/reading/service.ts'
import { ownComplaint } from '../../form/members/service.ts'
import { answerOf, filesOf, messagesOf, papersOf, sentRows, timelineOf } from '../tracking/sections.ts'

declare module '../../../views.ts' {
  interface Views {
    'complaints/copy/show': Frame & ReturnType<typeof answerOf> & {
      ref: string, caseNo: string | null, madeAt: string, sent: ReturnType<typeof sentRows>, who: Array<{ key: string, value: string }>
      files: ReturnType<typeof filesOf>, messages: ReturnType<typeof messagesOf>, timeline: ReturnType<typeof timelineOf>, documents: ReturnType<typeof papersOf>
    }
  }
}

const Params = Type.Object({ ref: Type.String({ maxLength: 30 }) })

/** Everything a complainant wrote and was told, on one page to print or save (security.md Y-2). Who they are stands there in part: a code may come into other hands. */
export async function copy (app: App): Promise<void> {
  app.get(ROUTES.trackRecord, { schema: { params: Params }, config: { permission: 'complaint.own', session: 'track' } }, async (request, reply) => {
    const { id, ref, member } = await ownComplaint(app, request, request.params.ref)
    const found = await findTracking(app, id, app.now())
    const who = member === null ? await identityOf(app, id) : []
    return await reply.page('complaints/copy/show', {
      title: request.t('copy.title', { ref }),
      section: 'track',
      noindex: true,
      hideSearch: true,
      back: { href: request.path('tracking', [ref]) },
      ref,
      caseNo: found.caseNo,
      madeAt: app.now(),
      who: who.map(({ field, value }) => ({ key: request.t(`reveal_field.${field}`), value })),
      ...answerOf(request, found),
      sent: sentRows(request, found),
      files: filesOf(request, found),
      messages: messagesOf(request, { ...found, member }),
      timeline: timelineOf(request, found),
      documents: papersOf(request, found)
    })
  })
}

const MASKS = { name: maskName, org: maskName, uscc: maskContact, phone: maskContact, email: maskContact, address: (text: string) => `${[...text].slice(0, 2).join('')}****` } as const

async function identityOf ({ db, keys }: { db: Db, keys: Keys }, id: string): Promise<Array<{ field: string, value: string }>> {
  const row = await db.selectFrom('identity').selectAll().where('complaint_id', '=', id).executeTakeFirst()
  if (row === undefined) return []
  const identity = openIdentity(keys, row)
  return (Object.keys(MASKS) as Array<keyof typeof MASKS>).flatMap(field => identity[field] === undefined ? [] : [{ field, value: MASKS[field](identity[field]) }])
}
