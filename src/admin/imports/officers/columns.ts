import type { Columns } from '../schema.ts'

/** How source files name the public fields of an officer (domain.md 6.5); what must never be public is known by name and not read. */
export const OFFICER_COLUMNS = {
  certificate_no: { names: ['执法证号', '证件编号', '执法证件号', '执法证件编号', '证号', '证件号', '执法证编号', 'certNo'], required: true },
  name: { names: ['姓名', '执法人员姓名', '人员姓名'], required: true },
  agency: { names: ['工作单位', '执法主体', '所在单位', '单位名称', '执法单位', '所属单位', '实施主体'], required: true },
  region_code: { names: ['行政区划', '行政区划代码', '区划代码', 'regionCode'] },
  certificate_type: { names: ['证件类型', '证件种类', 'certType'] },
  categories: { names: ['执法类别', '执法种类', '执法范围'] },
  area: { names: ['执法区域', '执法地域'] },
  valid_from: { names: ['有效期起', '有效期自', '发证日期', '生效日期', 'validFrom'] },
  valid_to: { names: ['有效期止', '有效期至', '有效期截止', '失效日期', 'validTo'] },
  period: { names: ['有效期限', '有效期', '证件有效期'] },
  status: { names: ['证件状态', '状态'] },
  withheld: { names: ['不予公开', '不公开', '是否不公开'] },
  department: { names: ['单位编码', '单位统一社会信用代码'] },
  field: { names: ['执法领域', '领域'] },
  post: { names: ['职务', '发证机关'], unstored: true },
  resident_id: { names: ['身份证号', '身份证号码', '公民身份号码', '身份证件号码'], personal: true },
  mobile: { names: ['手机', '手机号', '手机号码', '联系电话', '电话'], personal: true },
  home: { names: ['住址', '家庭住址'], personal: true },
  sex: { names: ['性别'], personal: true },
  birth: { names: ['出生日期', '出生年月'], personal: true },
  education: { names: ['学历', '文化程度'], personal: true },
  party: { names: ['政治面貌'], personal: true },
  nation: { names: ['民族'], personal: true }
} as const satisfies Columns
