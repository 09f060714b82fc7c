import { toString } from 'qrcode'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { findRecord, setNamed } from '../../catalogue/register/service.ts'
import { AppError } from '../../errors.ts'
import { ROUTES } from '../../paths.ts'

const Params = Type.Object({ list: Type.String({ maxLength: 60 }), code: Type.String({ maxLength: 200 }) })

/** The address of a record as a picture, for what is printed: whoever holds the paper finds the record as it is now. */
export async function prints (app: App): Promise<void> {
  app.get(ROUTES.qr, { schema: { params: Params }, config: { permission: 'public', limit: 'search', cache: 'public' } }, async (request, reply) => {
    const { list, code } = request.params
    const set = setNamed(list)
    if (await findRecord(app.db, set, code) === null) throw new AppError('not_found', { code })
    const svg = await toString(app.address(request.locale, set.record, [...set.params, code]), { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
    return await reply.type('image/svg+xml; charset=utf-8').send(svg)
  })
}
