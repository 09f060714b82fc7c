import type { Kysely } from 'kysely'
import type { Engine } from './table.ts'
import * as foundation from './0001_foundation.ts'
import * as register from './0002_register.ts'
import * as search from './0003_search.ts'
import * as complaints from './0004_complaints.ts'
import * as matterDetails from './0005_matter_details.ts'
import * as guidance from './0006_guidance.ts'
import * as visits from './0007_visits.ts'
import * as benchmarks from './0008_benchmarks.ts'
import * as subscriptions from './0009_subscriptions.ts'
import * as decisions from './0010_decisions.ts'
import * as lists from './0011_lists.ts'
import * as searchLog from './0012_search_log.ts'
import * as law from './0013_law.ts'
import * as agencySearch from './0015_agency_search.ts'
import * as letterEnds from './0018_letter_ends.ts'
import * as evidence from './0020_evidence.ts'
import * as vault from './0021_vault.ts'
import * as people from './0022_people.ts'
import * as form from './0023_form.ts'
import * as drafts from './0024_drafts.ts'
import * as tracking from './0025_tracking.ts'
import * as sources from './0026_sources.ts'
import * as process from './0027_process.ts'
import * as rights from './0028_rights.ts'
import * as clocks from './0029_clocks.ts'
import * as audit from './0030_audit.ts'
import * as letters from './0032_letters.ts'
import * as agency from './0033_agency.ts'
import * as investigation from './0034_investigation.ts'
import * as consequences from './0035_consequences.ts'
import * as queue from './0036_queue.ts'
import * as accounts from './0037_accounts.ts'
import * as agencyComplete from './0038_agency_complete.ts'
import * as phrases from './0040_phrases.ts'
import * as priority from './0041_priority.ts'
import * as routing from './0042_routing.ts'

/** One step of the schema, frozen once released; forward only. */
export interface Step { up: (db: Kysely<any>, engine: Engine) => Promise<void> }

export const MIGRATIONS: Readonly<Record<string, Step>> = {
  '0001_foundation': foundation,
  '0002_register': register,
  '0003_search': search,
  '0004_complaints': complaints,
  '0005_matter_details': matterDetails,
  '0006_guidance': guidance,
  '0007_visits': visits,
  '0008_benchmarks': benchmarks,
  '0009_subscriptions': subscriptions,
  '0010_decisions': decisions,
  '0011_lists': lists,
  '0012_search_log': searchLog,
  '0013_law': law,
  '0015_agency_search': agencySearch,
  '0018_letter_ends': letterEnds,
  '0020_evidence': evidence,
  '0021_vault': vault,
  '0022_people': people,
  '0023_form': form,
  '0024_drafts': drafts,
  '0025_tracking': tracking,
  '0026_sources': sources,
  '0027_process': process,
  '0028_rights': rights,
  '0029_clocks': clocks,
  '0030_audit': audit,
  '0032_letters': letters,
  '0033_agency': agency,
  '0034_investigation': investigation,
  '0035_consequences': consequences,
  '0036_queue': queue,
  '0037_accounts': accounts,
  '0038_agency_complete': agencyComplete,
  '0040_phrases': phrases,
  '0041_priority': priority,
  '0042_routing': routing
}
