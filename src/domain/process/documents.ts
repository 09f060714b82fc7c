/**
 * The documents of a complaint: who issues one, on what basis, and whether national law names it. `standing` is `national` where the
 * regulation itself names the document, `local` where only provincial rules do, `house` where the law is silent and the form is ours.
 */
export interface DocumentKind {
  issuer: 'bureau' | 'government' | 'supervisors' | 'agency'
  basis: string | null
  standing: 'national' | 'local' | 'house'
}

export const DOCUMENTS = {
  receipt: { issuer: 'bureau', basis: null, standing: 'house' },
  supplement_request: { issuer: 'bureau', basis: null, standing: 'house' },
  acceptance_notice: { issuer: 'bureau', basis: null, standing: 'house' },
  refusal_notice: { issuer: 'bureau', basis: null, standing: 'house' },
  guidance_letter: { issuer: 'bureau', basis: '《行政执法监督条例》第三十三条', standing: 'house' },
  transfer_letter: { issuer: 'bureau', basis: null, standing: 'house' },
  agency_notice: { issuer: 'bureau', basis: '《行政执法监督条例》第二十二条', standing: 'house' },
  interview_record: { issuer: 'supervisors', basis: '《行政执法监督条例》第二十二条', standing: 'house' },
  urging_letter: { issuer: 'bureau', basis: '《行政执法监督条例》第二十七条', standing: 'national' },
  opinion_letter: { issuer: 'bureau', basis: '《行政执法监督条例》第二十八条', standing: 'national' },
  decision_letter: { issuer: 'government', basis: '《行政执法监督条例》第二十九条', standing: 'national' },
  notice_letter: { issuer: 'bureau', basis: null, standing: 'local' },
  advice_letter: { issuer: 'bureau', basis: null, standing: 'local' },
  talk_notice: { issuer: 'bureau', basis: '《行政执法监督条例》第二十二条', standing: 'house' },
  circular: { issuer: 'bureau', basis: '《行政执法监督条例》第三十一条', standing: 'house' },
  officer_advice: { issuer: 'bureau', basis: '《行政执法监督条例》第三十二条', standing: 'house' },
  reply_letter: { issuer: 'bureau', basis: null, standing: 'house' },
  review_reply: { issuer: 'bureau', basis: null, standing: 'house' },
  assignment_letter: { issuer: 'bureau', basis: null, standing: 'house' },
  suspension_notice: { issuer: 'bureau', basis: null, standing: 'house' },
  extension_notice: { issuer: 'bureau', basis: null, standing: 'house' },
  withdrawal_notice: { issuer: 'agency', basis: '《中华人民共和国行政处罚法》第四十八条', standing: 'house' }
} as const satisfies Record<string, DocumentKind>
export type DocumentType = keyof typeof DOCUMENTS

/** Letters that demand something of an agency; while one stands, the case waits for what it demands. */
export const DEMANDING = ['urging_letter', 'opinion_letter', 'notice_letter', 'decision_letter'] as const satisfies readonly DocumentType[]
