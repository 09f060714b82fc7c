import Type, { type Static } from 'typebox'
import { BASIS_KINDS, CLOCKS, DAY_TYPES } from '../domain/time/clocks.ts'
import { AGENCY_KINDS, codesOf, LEVELS } from '../domain/records/enumerations.ts'
import { PUBLICATION_RULES, PUBLICATION_UNITS } from '../domain/decisions/publication.ts'

const Text = Type.String({ minLength: 1, maxLength: 1000 })
const Region = Type.String({ pattern: '^\\d{6}(\\d{3}(\\d{3})?)?$' })
const Slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

const Bureau = Type.Object({ name: Text, nameEn: Text, regionCode: Region }, { additionalProperties: false })

/** `city.json`: the city, its bureau and what stands in the footer. */
export const City = Type.Object({
  pack: Slug,
  cityName: Text,
  cityNameEn: Text,
  siteName: Text,
  siteNameEn: Text,
  tagline: Text,
  taglineEn: Text,
  bureauName: Text,
  bureauNameEn: Text,
  regionCode: Region,
  casePrefix: Text,
  /** searches for the front page to suggest, of which it shows those that the register can answer */
  examples: Type.Array(Text),
  examplesEn: Type.Array(Text),
  hotlines: Type.Array(Type.Object({ name: Text, nameEn: Text, number: Type.String({ pattern: '^[0-9-]{3,20}$' }) }, { additionalProperties: false })),
  footer: Type.Object({ siteId: orNull(Text), icp: orNull(Text), police: orNull(Text) }, { additionalProperties: false }),
  districtBureaus: Type.Array(Bureau)
}, { additionalProperties: false })
export type City = Static<typeof City>

/** `divisions.json`: one without a parent, the city itself, and those below it. */
export const Divisions = Type.Array(Type.Object({ code: Region, name: Text, nameEn: Text, parent: orNull(Region) }, { additionalProperties: false }), { minItems: 1 })
export type Divisions = Static<typeof Divisions>

const Agency = Type.Object({
  slug: Slug,
  name: Text,
  aliases: Type.Array(Text),
  nameEn: Text,
  kind: Type.Enum(codesOf(AGENCY_KINDS)),
  sector: Text,
  level: Type.Enum(codesOf(LEVELS)),
  regionCode: Region,
  duties: orNull(Text),
  uscc: orNull(Type.String({ pattern: '^[0-9A-HJ-NP-RTUWXY]{18}$' })),
  address: orNull(Text),
  phone: orNull(Text),
  vertical: Type.Enum([0, 1]),
  verified: Type.Boolean()
}, { additionalProperties: false })
export type AgencyEntry = Static<typeof Agency>

const DistrictAgency = Type.Object({
  plainName: Text, nameEn: Text, sector: Text, citySlug: Slug, aliases: Type.Optional(Type.Array(Text)), verified: Type.Boolean()
}, { additionalProperties: false })
export type DistrictAgency = Static<typeof DistrictAgency>

/** `agencies.json`: the city's own, and the pattern after which every division below it has its own. */
export const Agencies = Type.Object({ agencies: Type.Array(Agency, { minItems: 1 }), districtAgencies: Type.Array(DistrictAgency) }, { additionalProperties: false })
export type Agencies = Static<typeof Agencies>

/** `prohibitions.json`: what could not be verified is null and shown as such, never filled in. */
export const Prohibitions = Type.Array(Type.Object({
  no: Type.Integer({ minimum: 1, maximum: 99 }),
  title: orNull(Text),
  titleEn: orNull(Text),
  summary: orNull(Text),
  summaryEn: orNull(Text),
  textStatus: Type.Enum(['verified', 'summary', 'title_only', 'unverified']),
  verifiedAt: orNull(Day),
  source: orNull(Type.Object({ title: Text, url: Type.String({ pattern: '^https?://' }), date: Day }, { additionalProperties: false })),
  effectiveFrom: orNull(Day),
  status: Text
}, { additionalProperties: false }))
export type Prohibitions = Static<typeof Prohibitions>

/** `deadlines.json`: every clock with its length and where it comes from. */
export const Deadlines = Type.Object({
  profile: Slug,
  name: Text,
  nameEn: Text,
  validFrom: Day,
  clocks: Type.Array(Type.Object({
    clock: Type.Enum([...CLOCKS]), days: Type.Integer({ minimum: 1, maximum: 3650 }), dayType: Type.Enum([...DAY_TYPES]), basis: Text, basisEn: Text, kind: Type.Enum([...BASIS_KINDS])
  }, { additionalProperties: false }))
}, { additionalProperties: false })
export type Deadlines = Static<typeof Deadlines>

/** `industries.json`: trades with a page of their own. A matter carries tags (column 适用行业), a trade collects several, those closest to it first. */
export const Industries = Type.Object({
  tags: Type.Array(Type.Object({ slug: Slug, name: Text }, { additionalProperties: false })),
  industries: Type.Array(Type.Object({ slug: Slug, name: Text, nameEn: Text, intro: Text, introEn: Text, tags: Type.Array(Slug, { minItems: 1, uniqueItems: true }) }, { additionalProperties: false }))
}, { additionalProperties: false })
export type Industries = Static<typeof Industries>

const Fen = orNull(Type.Integer({ minimum: 0 }))

/** `publication.json`: how soon decisions are published and for how long, each with its basis. */
export const Publications = Type.Array(Type.Object({
  rule: Type.Enum([...PUBLICATION_RULES]), amount: Type.Integer({ minimum: 1, maximum: 1200 }), unit: Type.Enum([...PUBLICATION_UNITS]), finePersonFen: Fen, fineOrganisationFen: Fen, basis: Text, basisEn: Text, kind: Type.Enum([...BASIS_KINDS])
}, { additionalProperties: false }))
export type Publications = Static<typeof Publications>

/** `synonyms.json`: everyday words, and what the official texts say instead; a term of several words asks for all of them. */
export const Synonyms = Type.Array(Type.Object({
  words: Type.Array(Text, { minItems: 1 }), terms: Type.Array(Text, { minItems: 1, maxItems: 5 })
}, { additionalProperties: false }))
export type Synonyms = Static<typeof Synonyms>

const Interval = { days: Type.Integer({ minimum: 1, maximum: 3650 }), basis: Text, basisEn: Text }

/** `datasets.json`: under what licence the register is handed out (null: not decided, shown as such), and how often each set should be confirmed. */
export const Datasets = Type.Object({
  licence: orNull(Type.Object({ name: Text, nameEn: Text, url: orNull(Type.String({ pattern: '^https?://' })) }, { additionalProperties: false })),
  intervals: Type.Array(Type.Object({ set: Slug, ...Interval }, { additionalProperties: false })),
  usual: Type.Object(Interval, { additionalProperties: false })
}, { additionalProperties: false })
export type Datasets = Static<typeof Datasets>
