export interface DecisionField { names: readonly string[], type: 'text' | 'date' | 'uscc', max?: number }

/**
 * Fields of a decision that are shown and handed out but never asked for (双公示 lists, domain.md 6.6): read by the import, the page and
 * the export. Their names are the words `decision_field.<key>`.
 */
export const DECISION_FIELDS = {
  document_name: { names: ['行政处罚决定书名称', '行政许可决定文书名称', '决定书名称', '文书名称', '决定文书名称'], type: 'text', max: 200 },
  target: { names: ['执法对象'], type: 'text', max: 200 },
  licence_seized: { names: ['暂扣或吊销证照名称及编号'], type: 'text', max: 300 },
  permit_kind: { names: ['许可类别', '许可类型'], type: 'text', max: 60 },
  permit_name: { names: ['许可证书名称', '许可证名称'], type: 'text', max: 200 },
  permit_no: { names: ['许可编号', '许可证号', '许可证编号'], type: 'text', max: 100 },
  valid_from: { names: ['有效期自', '有效期起', '许可有效期自'], type: 'date' },
  valid_to: { names: ['有效期至', '有效期止', '许可有效期至', '处罚有效期'], type: 'date' },
  source_org: { names: ['数据来源单位'], type: 'text', max: 200 },
  source_uscc: { names: ['数据来源单位统一社会信用代码', '数据来源单位代码'], type: 'uscc' },
  note: { names: ['备注'], type: 'text', max: 2000 }
} as const satisfies Record<string, DecisionField>
export type DecisionFieldName = keyof typeof DECISION_FIELDS

/** What the `details` of a record say; nothing for a text that is no such object. */
export function readDetails (json: string | null): Readonly<Record<string, string>> {
  return json === null ? {} : JSON.parse(json) as Record<string, string>
}
