import type { FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'

/** A power of an agency for machines (schema.org GovernmentService): what it is called, who holds it, where. */
export function serviceData (app: App, request: FastifyRequest, matter: { code: string, name: string, category: string, agency: string, region: string | null, updatedAt: string }): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'GovernmentService',
    name: matter.name,
    identifier: matter.code,
    serviceType: request.t(`category.${matter.category}`),
    provider: { '@type': 'GovernmentOrganization', name: matter.agency },
    ...matter.region === null ? {} : { areaServed: { '@type': 'AdministrativeArea', name: matter.region } },
    url: app.address(request.locale, 'matter', [matter.code]),
    dateModified: matter.updatedAt.slice(0, 10),
    inLanguage: 'zh-CN'
  }
}

/** A statute for machines (schema.org Legislation, after ELI). */
export function legislationData (app: App, request: FastifyRequest, statute: { slug: string, name: string, text_date: string }): object {
  return { '@context': 'https://schema.org', '@type': 'Legislation', name: statute.name, legislationDate: statute.text_date, url: app.address(request.locale, 'statute', [statute.slug]), legislationJurisdiction: 'CN', inLanguage: 'zh-CN' }
}
