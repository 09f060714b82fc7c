import type { Columns } from '../schema.ts'

/** How lists of entrustments (行政处罚法 20: matters, powers and period of the letter are public) name their columns. */
export const ENTRUSTMENT_COLUMNS = {
  code: { names: ['委托书文号', '委托书编号', '委托编号'], required: true, max: 60 },
  agency: { names: ['委托机关', '委托行政机关', '委托单位', '委托部门'], required: true },
  agent: { names: ['受委托组织', '受托组织', '受委托单位', '受委托机构'], required: true, max: 200 },
  region_code: { names: ['行政区划', '行政区划代码', '区划代码'] },
  department: { names: ['委托机关统一社会信用代码'] },
  basis: { names: ['委托依据', '依据'], required: true, max: 2000 },
  matters: { names: ['委托事项', '委托的具体事项', '委托执法事项'], required: true, max: 5000 },
  powers: { names: ['委托权限', '权限'], max: 2000 },
  valid_from: { names: ['委托期限起', '委托起始日期', '有效期起', '有效期自'], required: true },
  valid_to: { names: ['委托期限止', '委托截止日期', '有效期止', '有效期至'] },
  notice_url: { names: ['委托书链接', '公告链接', '公示链接'], max: 500 },
  status: { names: ['状态'] }
} as const satisfies Columns
