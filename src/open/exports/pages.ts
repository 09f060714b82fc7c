import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { App } from '../../app.ts'
import { registerNames } from '../../catalogue/agencies/repository.ts'
import { FILE_FORMATS, type FileFormat } from '../../catalogue/lists/definition.ts'
import { chipViews } from '../../catalogue/lists/panel.ts'
import { wishQuery } from '../../catalogue/lists/wish.ts'
import { publishedAt } from '../../catalogue/register/repository.ts'
import { idsOf, readRecords, readSetWish, setNamed, type PublicSet } from '../../catalogue/register/service.ts'
import { localDate } from '../../domain/time/calendar.ts'
import { AppError } from '../../errors.ts'
import { translator } from '../../i18n/index.ts'
import { ROUTES } from '../../paths.ts'
import { licenceOf } from '../datasets/service.ts'
import { FORMATS, type About } from './formats.ts'

const Params = Type.Object({ list: Type.String({ maxLength: 60 }), format: Type.String({ maxLength: 20 }) })

/** Every list as a file: exactly what its page shows under the same address, all of it, as it is read. */
export async function exports (app: App): Promise<void> {
  const config = { permission: 'public', limit: 'export', cache: 'none' } as const
  app.get(ROUTES.exportFile, { schema: { params: Params }, config, exposeHeadRoute: false }, async (request, reply) => {
    const { list: name } = request.params
    const set = setNamed(name)
    const format = FILE_FORMATS.find(each => each === request.params.format)
    if (format === undefined) throw new AppError('unknown_format', { formats: FILE_FORMATS.join(' · ') })
    return await send(app, request, reply, { set, format })
  })
}

async function send (app: App, request: FastifyRequest, reply: FastifyReply, { set, format }: { set: PublicSet, format: FileFormat }): Promise<FastifyReply> {
  const query = request.query as Record<string, unknown>
  const wish = readSetWish(set, query)
  const ids = await idsOf(app.db, set, wish)
  const chosen = set.list === null || wish === null ? [] : [wish.question.text, ...chipViews(request, await registerNames(app.db), set.list, wish).map(chip => chip.label)].filter(word => word !== '')
  const dataOn = localDate(await publishedAt(app.db, set) ?? app.now())
  const title = request.t(`${set.words}.title`, { city: app.site[request.locale].cityName })
  const about: About = [
    ['name', title],
    ['publisher', app.site[request.locale].bureauName],
    ['filters', chosen.length === 0 ? request.t('export.all') : chosen.join(request.t('ui.between'))],
    ['rows', ids.length],
    ['data_on', dataOn],
    ['licence', licenceOf(app, request.locale).name],
    ['address', app.address(request.locale, set.route, set.params, wish === null ? {} : wishQuery(wish))],
    ...app.site[request.locale].demo ? [['note', request.t('layout.demo')] as const] : []
  ]
  const { type, write } = FORMATS[format]
  const stream = write({ set, locale: request.locale, t: translator(request.locale), about, slices: readRecords(app.db, set, ids) })
  return await reply.type(type).header('content-disposition', `attachment; filename="${set.name}-${dataOn}.${format}"; filename*=UTF-8''${encodeURIComponent(fileName([title, ...chosen, dataOn], format))}`).send(stream)
}

/** A name that every system takes: no separators of paths, no controls, not endless. */
function fileName (parts: string[], format: string): string {
  const name = parts.join('_').replace(/[\\/:*?"<>|'()]|\p{Cc}/gu, ' ').replace(/\s+/g, ' ')
  return `${Array.from(name).length > 90 ? `${Array.from(name).slice(0, 78).join('').trim()}…_${parts.at(-1) ?? ''}` : name}.${format}`
}
