import { DECISION_FIELDS } from '../../../domain/decisions/fields.ts'
import type { Column, Columns } from '../schema.ts'

/** How the lists of permits and penalties (双公示) and of other acts name the fields of a decision (domain.md 6.6). */
export const DECISION_COLUMNS = {
  number: { names: ['行政处罚决定书文号', '行政许可决定文书号', '行政许可决定文书文号', '行政许可决定书文号', '行政强制决定书文号', '行政检查决定书文号', '执法决定文书号', '执法决定书文号', '决定书文号', '决定文书号', '文号'], required: true, max: 60 },
  category: { names: ['执法类别', '决定类别', '权力类型'] },
  agency: { names: ['处罚机关', '许可机关', '执法机关', '决定机关', '实施机关', '执法主体', '实施主体'], required: true },
  region_code: { names: ['行政区划', '行政区划代码', '区划代码', 'regionCode'] },
  department: { names: ['处罚机关统一社会信用代码', '许可机关统一社会信用代码', '执法机关统一社会信用代码'] },
  matter: { names: ['事项编码', '实施编码', '执法事项编码', '事项代码'], max: 100 },
  party_name: { names: ['行政相对人名称', '当事人名称', '当事人', '被处罚人', '申请人'], required: true, max: 200 },
  party_type: { names: ['行政相对人类别', '当事人类别', '行政相对人类型'], required: true },
  party_uscc: { names: ['行政相对人代码_1(统一社会信用代码)', '行政相对人统一社会信用代码', '行政相对人代码', '当事人统一社会信用代码'] },
  violation: { names: ['违法行为类型', '违法行为', '案由'], max: 500 },
  facts: { names: ['违法事实', '事实', '案件事实', '主要违法事实'] },
  basis: { names: ['处罚依据', '行政处罚依据', '许可依据', '执法依据', '决定依据', '法律依据'], max: 3000 },
  penalty_kinds: { names: ['处罚类别', '处罚种类', '行政处罚种类'] },
  content: { names: ['处罚内容', '许可内容', '执法结论', '决定内容', '行政处罚内容'], required: true },
  fine: { names: ['罚款金额（万元）', '罚款金额', '罚款（万元）'] },
  fine_yuan: { names: ['罚款金额（元）', '罚款（元）'] },
  confiscated: { names: ['没收违法所得、没收非法财物的金额（万元）', '没收违法所得没收非法财物的金额（万元）', '没收金额（万元）', '没收金额'] },
  confiscated_yuan: { names: ['没收金额（元）'] },
  tier: { names: ['裁量阶次', '裁量等次', '裁量档次'] },
  benchmark_code: { names: ['裁量基准编码', '裁量基准编号'], max: 60 },
  decided_on: { names: ['处罚决定日期', '许可决定日期', '决定日期', '执法决定日期', '作出决定日期'], required: true },
  published_on: { names: ['公示日期', '公开日期', '发布日期'] },
  public_until: { names: ['公示截止期', '公示截止日期', '公示期限'] },
  public: { names: ['是否公开', '是否公示'] },
  secrecy: { names: ['不公开依据', '不公开理由', '不予公开依据'], unstored: true },
  ...Object.fromEntries(Object.entries(DECISION_FIELDS).map(([key, { names, ...rest }]) => [key, { names, ...'max' in rest ? { max: rest.max } : {} } satisfies Column])),
  representative: { names: ['法定代表人', '法定代表人姓名', '法定代表人（负责人）', '负责人'], personal: true },
  id_number: { names: ['证件号码', '身份证号', '身份证号码', '居民身份证号', '公民身份号码', '行政相对人代码_6(居民身份证号)', '行政相对人代码_6(证件号码)', '法定代表人证件号码', '法定代表人身份证号', '自然人证件号码'], personal: true },
  id_type: { names: ['证件类型', '自然人证件类型', '法定代表人证件类型'], personal: true },
  phone: { names: ['联系电话', '手机', '手机号码', '电话'], personal: true },
  home: { names: ['住址', '地址', '家庭住址', '联系地址'], personal: true },
  registration: { names: ['行政相对人代码_2(工商注册号)', '行政相对人代码_2(工商登记码)', '行政相对人代码_3(组织机构代码)', '行政相对人代码_4(税务登记号)', '行政相对人代码_5(事业单位证书号)', '行政相对人代码_6(社会组织登记证号)'], unstored: true }
} as const satisfies Columns
