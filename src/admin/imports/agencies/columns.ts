import { AGENCY_FIELDS } from '../../../domain/records/agency-fields.ts'
import type { Column, Columns } from '../schema.ts'

/** How source files name the fields of an agency (domain.md 6.4). */
export const AGENCY_COLUMNS = {
  name: { names: ['执法主体名称', '执法主体', '单位名称', '机构名称', '实施主体', '名称', 'agency'], required: true },
  region_code: { names: ['行政区划', '行政区划代码', '区划代码', 'regionCode'] },
  slug: { names: ['网址名', '英文短名'] },
  name_en: { names: ['英文名称', 'nameEn'] },
  uscc: { names: ['统一社会信用代码', '信用代码', '机构代码', '部门编码'] },
  kind: { names: ['主体类别', '主体性质', '实施主体性质', '执法主体类别', 'bodyNature'] },
  sector: { names: ['所属领域', '执法领域', '条线', '所属条线'] },
  level: { names: ['层级', '行使层级', '行政层级'] },
  duties: { names: ['职责', '主要职责', '职能'] },
  address: { names: ['地址', '办公地址', '联系地址'] },
  phone: { names: ['电话', '联系电话', '办公电话', '咨询电话'] },
  vertical: { names: ['是否垂直管理', '垂直管理'] },
  aliases: { names: ['别名', '简称', '曾用名', 'alias'] },
  status: { names: ['状态', '主体状态'] },
  parent: { names: ['上级主管部门', '上级机关', '隶属机关', '隶属', '所属机关'] },
  ...Object.fromEntries(Object.entries(AGENCY_FIELDS).map(([key, { names, ...rest }]) => [key, { names, ...'max' in rest ? { max: rest.max } : {} } satisfies Column])),
  contact: { names: ['联系人'], personal: true },
  staff: { names: ['执法人员数'], unstored: true }
} as const satisfies Columns
