import type { Sample } from './samples.ts'
import type { Portal } from './portal.ts'

/** What others see than clerks and supervisors: who approves letters, who leads, who keeps the house, and a supervised agency. */
export async function roleSamples ({ db }: Portal): Promise<Array<[role: string, samples: Sample[]]>> {
  const [pending, proposed] = await Promise.all(['pending', 'proposed'].map(async state => await db.selectFrom('document_draft').select('id').where('state', '=', state).orderBy('id').executeTakeFirstOrThrow()))
  const { agency_id: agencyId } = await db.selectFrom('account').select('agency_id').where('username', '=', 'agency').executeTakeFirstOrThrow()
  const stated = await db.selectFrom('agency_statement').select('document_id as id').where('agency_id', '=', agencyId).orderBy('document_id').executeTakeFirstOrThrow()
  const { slug } = await db.selectFrom('agency').select('slug').where('id', '=', agencyId).executeTakeFirstOrThrow()
  const sent = await db.selectFrom('document').innerJoin('complaint', 'complaint.id', 'document.complaint_id').select(['document.id', 'complaint.ref']).where('complaint.agency_id', '=', agencyId).where('document.type', 'in', ['agency_notice', 'opinion_letter']).orderBy('document.type', 'desc').orderBy('document.id').executeTakeFirstOrThrow()
  const rule = await db.selectFrom('routing_rule').select('id').orderBy('seq').executeTakeFirstOrThrow()
  const phrase = await db.selectFrom('phrase').select('id').orderBy('title').executeTakeFirstOrThrow()
  const found = await db.selectFrom('recovery').innerJoin('complaint', 'complaint.id', 'recovery.complaint_id').select('ref').executeTakeFirstOrThrow()
  const sheet = await db.selectFrom('record_sheet').innerJoin('complaint', 'complaint.id', 'record_sheet.complaint_id').select(['record_sheet.id', 'ref']).orderBy('record_sheet.id').executeTakeFirstOrThrow()
  const record = `/desk/complaints/${sheet.ref}/records/${sheet.id}`
  return [
    ['head', [
      ['desk-bulk', `/desk/queue/bulk?act=relate&ref=${found.ref}&ref=${sent.ref}&value=${sent.ref}`],
      ['desk-bulk-whom', `/desk/queue/bulk?act=handler&ref=${found.ref}`],
      ['desk-bulk-nothing', '/desk/queue/bulk?act=handler', 422],
      ['desk-consequences', `/desk/complaints/${found.ref}/consequences`],
      ['desk-finished-rectification', `/desk/complaints/${found.ref}/rectification`],
      ['desk-rectification', `/desk/complaints/${sent.ref}/rectification`],
      ['desk-record', record],
      ['desk-record-sheet', `${record}/sheet`],
      ['desk-footage', `/desk/complaints/${sheet.ref}/exhibits`],
      ['desk-patterns', '/desk/patterns'],
      ['desk-agency', `/desk/agencies/${slug}`],
      ['desk-more', '/desk/more'],
      ['desk-day-head', '/desk'],
      ['desk-workload', '/desk/workload'],
      ['desk-absences', '/desk/absences'],
      ['desk-routing', '/desk/routing'],
      ['desk-routing-new', '/desk/routing/new'],
      ['desk-routing-rule', `/desk/routing/${rule.id}`],
      ['desk-phrases', '/desk/phrases'],
      ['desk-phrase-new', '/desk/phrases/new'],
      ['desk-phrase', `/desk/phrases/${phrase.id}`],
      ['desk-letter-types', '/desk/letter-types']
    ]],
    ['legal_reviewer', [
      ['desk-approvals', '/desk/approvals'],
      ['desk-approval', `/desk/approvals/${pending?.id ?? ''}`],
      ['desk-approval-missing', '/desk/approvals/AAAAAAAAAAAAAAAAAAAAAA', 404]
    ]],
    ['government', [
      ['desk-proposals', '/desk/proposals'],
      ['desk-proposal', `/desk/proposals/${proposed?.id ?? ''}`]
    ]],
    ['admin', [
      ...await accountSamples(db),
      ['admin-calendar', '/admin/calendar'],
      ['admin-deadlines', '/admin/deadlines'],
      ['admin-deadline', '/admin/deadlines/handle']
    ]],
    ['publisher', [
      ['desk-statements', '/desk/statements']
    ]],
    ['agency_handler', [
      ['agency-items', '/agency'],
      ['agency-archive', '/agency?tab=archive'],
      ['agency-item', `/agency/items/${sent.id}`],
      ['agency-packet', `/agency/items/${sent.id}/packet`],
      ['agency-statement', `/agency/items/${stated.id}`],
      ['agency-missing', '/agency/items/nothing', 404]
    ]]
  ]
}

/** The accounts and everything that can be done to one: of a person, of oneself, of nobody. */
async function accountSamples (db: Portal['db']): Promise<Sample[]> {
  const { id } = await db.selectFrom('account').select('id').where('username', '=', 'investigator').executeTakeFirstOrThrow()
  return [
    ['admin-accounts', '/admin/accounts'],
    ['admin-accounts-none', '/admin/accounts?q=%E6%97%A0%E6%AD%A4%E4%BA%BA&state=disabled'],
    ['admin-account-new', '/admin/accounts/new'],
    ['admin-account-requests', '/admin/accounts/requests?done=requested'],
    ['admin-account', `/admin/accounts/${id}`],
    ['admin-account-post', `/admin/accounts/${id}/acts/post`],
    ['admin-account-disable', `/admin/accounts/${id}/acts/disable`],
    ['admin-account-missing', '/admin/accounts/2147483647', 404]
  ]
}

/** Complaints of which an agency said that it did something, and about which it explained itself: each as its complainant sees it. */
export async function demandedSamples ({ db }: Portal): Promise<Array<{ id: string, sample: Sample }>> {
  const claimed = await db.selectFrom('demand').innerJoin('complaint', 'complaint.id', 'complaint_id').select(['complaint.id', 'ref']).where('state', '=', 'claimed').orderBy('ref').executeTakeFirstOrThrow()
  const stated = await db.selectFrom('agency_statement').innerJoin('complaint', 'complaint.id', 'complaint_id').select(['complaint.id', 'ref']).where('state', '=', 'published').orderBy('ref').executeTakeFirstOrThrow()
  return [{ id: claimed.id, sample: ['own-demands', `/track/${claimed.ref}`] }, { id: stated.id, sample: ['own-statement', `/track/${stated.ref}`] }]
}
