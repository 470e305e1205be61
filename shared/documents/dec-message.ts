/**
 * 报关单 (DecMessage) of the 国际贸易单一窗口, 关检融合 of 2018-08 with the lengths and needs of the description of 2026. Elements known
 * only from the latter, whose place in the format no schema shows, are left out: RcepOrigPlaceCode, ControlExplainCode, ContainerWt,
 * LicWrtofQtyUnit, InvoiceNo, SealQty, GNoStr, BusinessItems, DecCopPromise, DecRoyaltyFee, DecTpAccess, DecControlModel.
 *
 * Lengths that the schema gives as exact are exact here, but for NativeVoyageNo (32) and EcoCertNo (64), which no number in use fills, and
 * ClientSeqNo. Where the description of 2026 is wider it holds, and D-SCHEMA-2018 tells what the schema would not take.
 *
 * The schema of 2018 has EdocRealation one to ten times, the description of 2026 asks for none; it may be absent here, and the check D-EDOC
 * says so.
 *
 * On export the element called origin carries the destination and the other way round.
 */
import { supplementPart, taxParts, transitParts } from './dec-annexes.ts';
import { decimal, integer, text } from './dec-fields.ts';
import { type MessageSpec, type PartSpec, UNBOUNDED } from './spec.ts';

const head = [
  text('SeqNo', 18, '数据中心统一编号', 'Unified number', {
    length: 18,
    help: {
      zh: '首次导入为空，由单一窗口返回；再次导入同一份报关单时填回。',
      en: 'Empty the first time; given by the Single Window and sent back when the declaration is imported again.',
    },
  }),
  text('IEFlag', 1, '进出口标志', 'Import or export', {
    mandatory: true,
    required: true,
    values: { I: { zh: '进口', en: 'import' }, E: { zh: '出口', en: 'export' } },
    help: { zh: 'I 进口，E 出口。', en: 'I import, E export.' },
  }),
  text('Type', 6, '单据类型', 'Type of document', {
    older: 2,
    table: 'dec_type',
    open: true,
    help: {
      zh: '前两位为业务类型，普通报关单为空。',
      en: 'Two letters of the business; empty for an ordinary declaration.',
    },
  }),
  text('AgentCode', 10, '申报单位代码', 'Declarant, customs code', {
    length: 10,
    mandatory: true,
    required: true,
    from: 'profile.agentCode',
  }),
  text('AgentName', 100, '申报单位名称', 'Declarant', {
    older: 70,
    mandatory: true,
    required: true,
    from: 'profile.agentName',
  }),
  text('ApprNo', 32, '批准文号', 'Approval number'),
  text('BillNo', 32, '提单号', 'Bill of lading number', { from: 'shipment.billNo' }),
  text('ContrNo', 32, '合同号', 'Contract number', { from: 'papers.contractNo' }),
  text('CustomMaster', 4, '申报地海关', 'Customs of declaration', {
    length: 4,
    mandatory: true,
    required: true,
    table: 'customs_district',
    from: 'shipment.customsCode',
  }),
  text('CutMode', 3, '征免性质', 'Nature of levy', { length: 3, table: 'levy_nature' }),
  text('DistinatePort', 6, '经停港/指运港', 'Port of destination', {
    length: 6,
    mandatory: true,
    required: true,
    table: 'port_alpha',
    help: { zh: '出口填指运港。', en: 'For exports the port of destination.' },
  }),
  text('FeeCurr', 3, '运费币制', 'Freight currency', { length: 3, table: 'currency_iso' }),
  text('FeeMark', 1, '运费标记', 'Freight mark', {
    length: 1,
    table: 'fee_mark',
    help: { zh: '1 率，2 单价，3 总价。', en: '1 rate, 2 unit price, 3 total.' },
  }),
  decimal('FeeRate', 19, 5, '运费／率', 'Freight'),
  decimal('GrossWet', 19, 5, '毛重', 'Gross weight', {
    mandatory: true,
    required: true,
    help: { zh: '千克。', en: 'Kilograms.' },
  }),
  text('IEDate', 8, '进出口日期', 'Date of exit or entry', { format: 'date8', from: 'shipment.ieDate' }),
  text('IEPort', 4, '进出境关别', 'Customs of exit or entry', {
    length: 4,
    required: true,
    table: 'customs_district',
    from: 'shipment.portCode',
  }),
  text('InsurCurr', 3, '保险费币制', 'Insurance currency', { length: 3, table: 'currency_iso' }),
  text('InsurMark', 1, '保险费标记', 'Insurance mark', {
    length: 1,
    table: 'fee_mark',
    help: { zh: '1 率，3 总价。', en: '1 rate, 3 total.' },
  }),
  decimal('InsurRate', 19, 5, '保险费／率', 'Insurance'),
  text('LicenseNo', 20, '许可证编号', 'Licence number'),
  text('ManualNo', 12, '备案号', 'Record number'),
  decimal('NetWt', 19, 5, '净重', 'Net weight', {
    mandatory: true,
    required: true,
    help: { zh: '千克。', en: 'Kilograms.' },
  }),
  text('NoteS', 255, '备注', 'Remark', { older: 70 }),
  text('OtherCurr', 3, '杂费币制', 'Other fees, currency', { length: 3, table: 'currency_iso' }),
  text('OtherMark', 1, '杂费标志', 'Other fees, mark', { length: 1, table: 'fee_mark' }),
  decimal('OtherRate', 19, 5, '杂费／率', 'Other fees'),
  text('OwnerCode', 18, '消费使用/生产销售单位代码', 'Producer or user, customs code', {
    help: { zh: '十位海关编码，没有时填 NO。', en: 'Ten digits, or NO.' },
  }),
  text('OwnerName', 100, '消费使用/生产销售单位名称', 'Producer or user', {
    older: 70,
    mandatory: true,
    required: true,
  }),
  integer('PackNo', 9, '件数', 'Packages', { mandatory: true, required: true }),
  text('TradeCode', 18, '境内收发货人代码', 'Consignor, customs code', {
    mandatory: true,
    required: true,
    from: 'profile.customsCode',
  }),
  text('TradeCountry', 3, '启运国/运抵国', 'Country of arrival or departure', {
    length: 3,
    mandatory: true,
    required: true,
    table: 'country_alpha3',
    help: { zh: '出口填运抵国（地区）。', en: 'For exports the country of arrival.' },
  }),
  text('TradeMode', 4, '监管方式', 'Supervision mode', {
    length: 4,
    mandatory: true,
    required: true,
    table: 'trade_mode',
  }),
  text('TradeName', 100, '境内收发货人名称', 'Consignor', {
    older: 70,
    mandatory: true,
    required: true,
    from: 'profile.name',
  }),
  text('TrafMode', 1, '运输方式代码', 'Mode of transport', {
    length: 1,
    mandatory: true,
    required: true,
    table: 'transport_mode',
    from: 'shipment.trafMode',
  }),
  text('TrafName', 50, '运输工具代码及名称', 'Means of transport', { older: 26, from: 'shipment.trafName' }),
  text('TransMode', 1, '成交方式', 'Terms of delivery', { length: 1, required: true, table: 'trans_mode' }),
  text('WrapType', 2, '包装种类', 'Kind of packing', { mandatory: true, required: true, table: 'wrap_type' }),
  text('EntryId', 18, '海关编号', 'Customs declaration number', { length: 18 }),
  text('PreEntryId', 9, '预录入编号', 'Pre-entry number', { length: 9 }),
  text('EdiId', 1, '报关标志', 'Declaration mark', {
    length: 1,
    mandatory: true,
    required: true,
    table: 'edi_id',
    open: true,
    default: '1',
    help: {
      zh: '参数表为 1、3、5、6，实际报文也见 0。',
      en: 'The code table has 1, 3, 5, 6; files in use carry 0 too.',
    },
  }),
  text('Risk', 10, '风险评估参数', 'Risk parameter'),
  text('CopName', 70, '录入单位名称', 'Entering firm', { mandatory: true, required: true }),
  text('CopCode', 10, '录入单位代码', 'Entering firm, code', {
    required: true,
    help: {
      zh: '规范为九位组织机构代码，实际报文也填十位海关编码。',
      en: 'Nine characters in the format; files in use carry the ten-digit customs code too.',
    },
  }),
  text('EntryType', 1, '报关单类型', 'Type of declaration', {
    length: 1,
    mandatory: true,
    required: true,
    table: 'entry_type',
    default: 'M',
    help: { zh: '通常为 M 无纸化通关。', en: 'M paperless as a rule.' },
  }),
  text('PDate', 8, '打印日期', 'Date of print'),
  text('TypistNo', 30, '录入员IC卡号', 'Operator card number', { required: true }),
  text('InputerName', 32, '录入员名称', 'Operator', { required: true }),
  text('PartenerID', 20, '申报人标识', 'Declarant mark'),
  text('TgdNo', 18, '关联单据号', 'Related document number', { length: 18 }),
  text('DataSource', 5, '扩展字段', 'Extension'),
  text('DeclTrnRel', 1, '报关/转关关系标志', 'Declaration or transit', {
    length: 1,
    mandatory: true,
    required: true,
    table: 'decl_trn_rel',
    default: '0',
  }),
  text('ChkSurety', 1, '担保验放标志', 'Release on surety', { length: 1 }),
  text('BillType', 1, '备案清单类型', 'Type of zone record', { length: 1, table: 'ftz_bill_type' }),
  text('CopCodeScc', 18, '录入单位统一编码', 'Entering firm, credit code', { length: 18 }),
  text('OwnerCodeScc', 18, '消费使用/生产销售单位统一编码', 'Producer or user, credit code', { required: true }),
  text('AgentCodeScc', 18, '申报单位统一编码', 'Declarant, credit code', { required: true }),
  text('TradeCoScc', 18, '境内收发货人统一编码', 'Consignor, credit code', { required: true, from: 'profile.uscc' }),
  text('PromiseItmes', 32, '价格说明', 'Statements on price', {
    mandatory: true,
    required: true,
    default: '99999',
    help: {
      zh: '每项一位：特殊关系、价格影响、特许权使用费、公式定价、暂定价格；1 是，0 否，9 空。',
      en: 'One digit each: special relation, price influence, royalties, formula price, provisional price; 1 yes, 0 no, 9 blank.',
    },
  }),
  text('TradeAreaCode', 3, '贸易国别', 'Trading country', {
    length: 3,
    mandatory: true,
    required: true,
    table: 'country_alpha3',
  }),
  text('CheckFlow', 1, '查验分流', 'Inspection flow', { length: 1 }),
  text('TaxAaminMark', 1, '税收征管标记', 'Tax administration mark', { length: 1 }),
  text('MarkNo', 400, '标记唛码', 'Shipping marks', { from: 'papers.marks' }),
  text('DespPortCode', 8, '启运港代码', 'Port of departure', { mandatory: true, table: 'port_alpha' }),
  text('EntyPortCode', 8, '入境/离境口岸代码', 'Port of exit or entry', {
    mandatory: true,
    required: true,
    table: 'domestic_port',
    help: { zh: '出口填离境口岸。', en: 'For exports the port of exit.' },
  }),
  text('GoodsPlace', 100, '存放地点', 'Place of storage', { mandatory: true }),
  text('BLNo', 50, 'B/L号', 'B/L number'),
  text('InspOrgCode', 10, '口岸检验检疫机关', 'Inspection office at port', { table: 'ciq_org', open: true }),
  text('SpecDeclFlag', 10, '特种业务标识', 'Special business'),
  text('PurpOrgCode', 4, '目的地海关', 'Customs of destination', { table: 'customs_district' }),
  text('DespDate', 8, '启运日期', 'Date of departure', { format: 'date8' }),
  text('CmplDschrgDt', 8, '卸毕日期', 'Date of discharge', { format: 'date8' }),
  text('CorrelationReasonFlag', 2, '关联理由', 'Reason of correlation', { table: 'correlation_reason' }),
  text('VsaOrgCode', 10, '领证机关', 'Office issuing certificates', { table: 'ciq_org', open: true }),
  text('OrigBoxFlag', 1, '原集装箱标识', 'Original container'),
  text('DeclareName', 50, '申报人员姓名', 'Declaring person', { mandatory: true, required: true }),
  text('NoOtherPack', 1, '无其他包装', 'No other packing', { mandatory: true, default: '0' }),
  text('OrgCode', 10, '检验检疫受理机关', 'Inspection office', { table: 'ciq_org', open: true }),
  text('OverseasConsignorCode', 50, '境外发货人代码', 'Overseas consignor, code', { older: 20 }),
  text('OverseasConsignorCname', 150, '境外收发货人名称', 'Overseas consignor'),
  text('OverseasConsignorEname', 100, '境外发货人名称（外文）', 'Overseas consignor, foreign name'),
  text('OverseasConsignorAddr', 100, '境外收发货人地址', 'Overseas consignor, address'),
  text('OverseasConsigneeCode', 50, '境外收货人编码', 'Overseas consignee, code', { older: 20 }),
  text('OverseasConsigneeEname', 400, '境外收货人名称(外文)', 'Overseas consignee, foreign name'),
  text('DomesticConsigneeEname', 400, '境内收发货人名称（外文）', 'Domestic party, foreign name'),
  text('CorrelationNo', 500, '关联号码', 'Correlation number'),
  text('EdiRemark2', 128, 'EDI申报备注2', 'EDI remark 2'),
  text('EdiRemark', 128, 'EDI申报备注', 'EDI remark'),
  // Elements of 2026 that files in use have at the end of the head.
  text('TradeCiqCode', 10, '境内收发货人检验检疫编码', 'Consignor, inspection code'),
  text('OwnerCiqCode', 10, '消费使用/生产销售单位检验检疫编码', 'Producer or user, inspection code'),
  text('DeclCiqCode', 10, '申报单位检验检疫编码', 'Declarant, inspection code'),
] as const;

const item = [
  text('ClassMark', 1, '归类标志', 'Classification mark', { length: 1 }),
  text('CodeTS', 10, '商品编号', 'Commodity code', {
    length: 10,
    mandatory: true,
    required: true,
    table: 'hs',
    open: true,
    from: 'product.hsCode',
  }),
  text('ContrItem', 19, '备案序号', 'Record item'),
  decimal('DeclPrice', 19, 4, '申报单价', 'Unit price', {
    mandatory: true,
    required: true,
    help: { zh: '四位小数。', en: 'Four decimals.' },
  }),
  text('DutyMode', 1, '征免方式', 'Levy', { required: true, table: 'levy_mode' }),
  decimal('Factor', 11, 3, '申报计量单位与法定单位比例因子', 'Factor of units'),
  text('GModel', 255, '商品规格、型号', 'Specification', {
    from: 'product.gmodel',
    help: {
      zh: '申报要素以“|”分隔，先填品牌类型和出口享惠情况。',
      en: 'Declaration elements parted by |, type of brand and export benefit first.',
    },
  }),
  text('GName', 255, '商品名称', 'Commodity', { mandatory: true, required: true, from: 'product.nameCn' }),
  integer('GNo', 9, '商品序号', 'Item', { mandatory: true, required: true, from: 'line.number' }),
  text('OriginCountry', 3, '原产国（出口填最终目的国）', 'Destination (element of origin)', {
    length: 3,
    mandatory: true,
    required: true,
    table: 'country_alpha3',
    help: {
      zh: '出口时此元素填最终目的国（地区），进口时填原产国。',
      en: 'Carries the final destination on export, the country of origin on import.',
    },
  }),
  text('TradeCurr', 3, '成交币制', 'Currency', { length: 3, required: true, table: 'currency_iso' }),
  decimal('DeclTotal', 19, 4, '申报总价', 'Total', { mandatory: true, required: true }),
  decimal('GQty', 19, 5, '成交数量', 'Quantity', { mandatory: true, required: true }),
  decimal('FirstQty', 19, 5, '第一法定数量', 'First legal quantity', { required: true }),
  decimal('SecondQty', 19, 5, '第二法定数量', 'Second legal quantity', {
    help: { zh: '有第二法定单位时必填。', en: 'Needed where there is a second legal unit.' },
  }),
  text('GUnit', 3, '成交计量单位', 'Unit', { length: 3, required: true, table: 'unit' }),
  text('FirstUnit', 3, '第一计量单位（法定单位）', 'First legal unit', { length: 3, required: true, table: 'unit' }),
  text('SecondUnit', 3, '第二计量单位', 'Second legal unit', { length: 3, table: 'unit' }),
  text('UseTo', 2, '用途/生产厂家', 'Use', { length: 2, table: 'use_to' }),
  decimal('WorkUsd', 19, 4, '工缴费', 'Processing fee'),
  text('ExgNo', 30, '货号', 'Article number', {
    from: 'line.sku',
    help: { zh: '草拟时填商品货号。', en: 'The SKU when drafted.' },
  }),
  text('ExgVersion', 8, '版本号', 'Version'),
  text('DestinationCountry', 3, '最终目的国（出口填原产国）', 'Origin (element of destination)', {
    length: 3,
    mandatory: true,
    required: true,
    table: 'country_alpha3',
    help: {
      zh: '出口时此元素填原产国，进口时填最终目的国（地区）。',
      en: 'Carries the country of origin on export, the destination on import.',
    },
  }),
  text('CiqCode', 20, '监管类别名称', 'Inspection class', {
    mandatory: true,
    table: 'hs_ciq',
    open: true,
    under: 'CodeTS',
    help: {
      zh: '商品编号后的检验检疫附加码，三位，如 999。',
      en: 'The inspection suffix of the commodity code, three digits, e.g. 999.',
    },
  }),
  text('DeclGoodsEname', 100, '商品英文名称', 'English name'),
  text('OrigPlaceCode', 50, '原产地区代码', 'Region of origin'),
  text('Purpose', 4, '用途代码', 'Purpose'),
  text('ProdValidDt', 20, '产品有效期', 'Valid until'),
  text('ProdQgp', 20, '产品保质期', 'Shelf life'),
  text('GoodsAttr', 20, '货物属性代码', 'Goods attributes', {
    table: 'goods_attr',
    open: true,
    several: true,
    help: { zh: '多个代码以逗号分隔。', en: 'Several codes parted by commas.' },
  }),
  text('Stuff', 400, '成份/原料/组份', 'Composition'),
  text('Uncode', 20, 'UN编码', 'UN number'),
  text('DangName', 80, '危险货物名称', 'Dangerous goods'),
  text('DangPackType', 4, '危包类别', 'Packing group', { table: 'danger_package' }),
  text('DangPackSpec', 24, '危包规格', 'Dangerous packing, specification'),
  text('EngManEntCnm', 100, '境外生产企业名称', 'Overseas producer'),
  text('NoDangFlag', 1, '非危险化学品', 'Not dangerous'),
  text('DestCode', 8, '目的地代码', 'Place of destination', { table: 'admin_division' }),
  text('GoodsSpec', 2000, '检验检疫货物规格', 'Inspected specification'),
  text('GoodsModel', 2000, '货物型号', 'Model'),
  text('GoodsBrand', 2000, '货物品牌', 'Brand'),
  text('ProduceDate', 2000, '生产日期', 'Date of production'),
  text('ProdBatchNo', 2000, '生产批号', 'Batch number'),
  text('DistrictCode', 5, '境内目的地/境内货源地', 'Domestic source or destination', {
    required: true,
    table: 'district_domestic',
    help: { zh: '出口填境内货源地。', en: 'For exports the domestic source.' },
  }),
  text('CiqName', 50, '检验检疫名称', 'Inspection name'),
  text('MnufctrRegNo', 20, '生产单位注册号', 'Producer, registration number'),
  text('MnufctrRegName', 150, '生产单位名称', 'Producer'),
] as const;

/** What the office of inspection has listed for exports; a type for imports is taken as it is typed. */
const licenceType = text('LicTypeCode', 5, '许可证类别代码', 'Type of licence', {
  mandatory: true,
  required: true,
  table: 'inspection_licence_export',
  open: true,
});

const licence = [
  text('GoodsNo', 9, '商品序号', 'Item', { mandatory: true, required: true, lineOf: 'this' }),
  licenceType,
  text('LicenceNo', 40, '许可证编号', 'Licence number', { required: true }),
  text('LicWrtofDetailNo', 4, '许可证核销明细序号', 'Item written off', { older: 2 }),
  text('LicWrtofQty', 20, '许可证核销数量', 'Quantity written off'),
] as const;

const vehicle = [
  text('LicenceNo', 40, '许可证编号', 'Licence number', { older: 20, mandatory: true, required: true }),
  licenceType,
  text('VinNo', 100, 'VIN序号', 'Serial number', { older: 5, mandatory: true }),
  text('BillLadDate', 19, '提/运单日期', 'Date of bill of lading'),
  text('QualityQgp', 100, '质量保质期', 'Warranty'),
  text('MotorNo', 100, '发动机号或电机号', 'Engine number'),
  text('VinCode', 20, '车辆识别代码（VIN）', 'Vehicle number'),
  text('ChassisNo', 20, '底盘(车架)号', 'Chassis number'),
  decimal('InvoiceNum', 19, 5, '发票所列数量', 'Quantity invoiced'),
  text('ProdCnnm', 500, '品名（中文名称）', 'Name in Chinese'),
  text('ProdEnnm', 500, '品名（英文名称）', 'Name in English'),
  text('ModelEn', 500, '型号（英文）', 'Model in English'),
  text('PricePerUnit', 20, '单价', 'Unit price', { older: 14 }),
] as const;

const container = [
  text('ContainerId', 32, '集装箱号', 'Container number', { older: 11, mandatory: true }),
  text('ContainerMd', 32, '集装箱规格', 'Container specification', { mandatory: true, table: 'container_spec' }),
  text('GoodsNo', 255, '商品项号', 'Items', {
    older: 100,
    lineOf: 'this',
    help: { zh: '商品项号，以逗号分隔，如 1,3。', en: 'Items parted by commas, e.g. 1,3.' },
  }),
  text('LclFlag', 1, '拼箱标识', 'Shared container', { length: 1 }),
  decimal('GoodsContaWt', 19, 5, '箱货重量', 'Weight of goods'),
] as const;

const document = [
  text('DocuCode', 1, '单证代码', 'Document code', { length: 1, mandatory: true, table: 'license_doc' }),
  text('CertCode', 32, '单证编号', 'Document number', { mandatory: true }),
] as const;

const certificate = [
  text('AppCertCode', 50, '申请单证代码', 'Certificate', { mandatory: true }),
  text('ApplOri', 50, '申请单证正本数', 'Originals', { mandatory: true }),
  text('ApplCopyQuan', 50, '申请单证副本数', 'Copies', { mandatory: true }),
] as const;

const packing = [
  decimal('PackQty', 19, 5, '包装件数', 'Packages', { mandatory: true, required: true }),
  text('PackType', 20, '包装材料种类', 'Kind of packing', { mandatory: true, required: true, table: 'wrap_type' }),
] as const;

const qualification = [
  text('EntQualifNo', 40, '企业资质编号', 'Qualification number'),
  text('EntQualifTypeCode', 5, '企业资质类别代码', 'Type of qualification', { mandatory: true, required: true }),
] as const;

const user = [
  text('UseOrgPersonCode', 40, '使用单位联系人', 'Contact'),
  text('UseOrgPersonTel', 20, '使用单位联系电话', 'Telephone', { older: 5 }),
] as const;

const mark = [
  text('AttachName', 80, '附件名称', 'Name', { mandatory: true, required: true }),
  text('AttachType', 20, '附件类型', 'Type', { older: 2 }),
  text('Attachment', 1000000, '附件', 'Attachment', { mandatory: true, required: true }),
] as const;

const freeText = [
  text('RelId', 18, '关联报关单号', 'Related declaration'),
  text('RelManNo', 12, '关联备案号', 'Related record', { length: 12 }),
  text('BonNo', 32, '监管仓号', 'Supervised warehouse'),
  text('VoyNo', 32, '航次号', 'Voyage or flight', { from: 'shipment.voyageNo' }),
  text('DecBpNo', 32, '报关员联系方式', 'Contact of the declarant'),
  text('CusFie', 8, '货场代码', 'Yard code'),
  text('DecNo', 13, '申报人员证号', 'Certificate of the declaring person'),
] as const;

const signature = [
  text('OperType', 1, '操作类型', 'Operation', {
    length: 1,
    mandatory: true,
    required: true,
    table: 'oper_type',
    default: 'G',
    help: {
      zh: 'G 导入暂存，由人在单一窗口核对后申报；C 直接申报。',
      en: 'G stores it for a person to declare in the Single Window; C declares.',
    },
  }),
  text('ICCode', 13, '操作员IC卡号', 'Operator card number', { length: 13 }),
  text('CopCode', 18, '操作企业组织机构代码', 'Operating firm, code'),
  text('OperName', 30, '操作员姓名', 'Operator'),
  text('ClientSeqNo', 18, '客户端报关单编号', 'Own number of the declaration', {
    length: 18,
    mandatory: true,
    required: true,
    help: {
      zh: '企业自编的唯一编号，十八位，技术回执以此对应。',
      en: 'The firm’s own unique number of 18 characters; the technical receipt brings it back.',
    },
  }),
  text('Sign', 200, '数字签名信息', 'Signature', {
    mandatory: true,
    help: { zh: '导入暂存时为空。', en: 'Empty when only stored.' },
  }),
  text('SignDate', 16, '签名日期', 'Date of signature', {
    length: 16,
    mandatory: true,
    required: true,
    help: { zh: '十六位：年月日时分秒，两位补足。', en: 'Sixteen digits: date, time, two to fill.' },
  }),
  text('Certificate', 20, '操作员卡的证书号', 'Certificate number'),
  text('HostId', 10, '客户端邮箱的HostId', 'Mailbox host', { mandatory: true }),
  text('BillSeqNo', 18, '对应清单统一编号', 'Unified number of the list'),
  text('DomainId', 1, '签名人分类', 'Capacity of the signer', { length: 1, table: 'domain_id' }),
  text('Note', 100, '备注', 'Remark'),
] as const;

const attachment = [
  text('EdocID', 64, '随附单据编号', 'Document number', {
    mandatory: true,
    required: true,
    help: {
      zh: '跨境电商 B2B 出口：9710 填平台订单编号，9810 填海外仓订仓单编号。',
      en: 'Cross-border B2B export: the platform’s order number for 9710, the booking number of the overseas warehouse for 9810.',
    },
  }),
  text('EdocCode', 8, '随附单证类别', 'Category', { length: 8, mandatory: true, required: true, table: 'edoc' }),
  text('EdocFomatType', 2, '随附单据格式类型', 'Format', {
    mandatory: true,
    required: true,
    help: { zh: 'US 为 PDF，S 为结构化。', en: 'US is PDF, S structured.' },
  }),
  text('OpNote', 255, '操作说明（重传原因）', 'Reason of sending again', { mandatory: true }),
  text('EdocCopId', 64, '随附单据文件企业名', 'File name at the firm', { mandatory: true }),
  text('EdocOwnerCode', 10, '所属单位海关编号', 'Owner, customs code', { length: 10, mandatory: true }),
  text('SignUnit', 10, '签名单位代码', 'Signing unit', { mandatory: true }),
  text('SignTime', 17, '签名时间', 'Time of signature', { older: 14, mandatory: true }),
  text('EdocOwnerName', 100, '所属单位名称', 'Owner'),
  text('EdocSize', 12, '随附单据文件大小', 'Size'),
] as const;

const origin = [
  text('CertType', 3, '单证代码', 'Document code', {
    length: 3,
    mandatory: true,
    required: true,
    help: { zh: 'Y 加优惠贸易协定代码，如 Y03。', en: 'Y and the number of the agreement, e.g. Y03.' },
  }),
  text('EcoCertNo', 64, '单证编号', 'Document number', { mandatory: true, required: true }),
  text('DecGNo', 9, '报关单商品项号', 'Item of the declaration', { mandatory: true, required: true, lineOf: 'this' }),
  text('EcoGNo', 9, '对应随附单证商品项号', 'Item of the document', {
    mandatory: true,
    required: true,
    lineOf: 'other',
  }),
  text('ExtendFiled', 255, '扩展字段', 'Extension'),
] as const;

const parts = [
  {
    name: 'Container',
    zh: '集装箱',
    en: 'Containers',
    within: 'DecContainers',
    min: 0,
    max: 500,
    always: true,
    fields: container,
  },
  {
    name: 'LicenseDocu',
    zh: '随附单证',
    en: 'Accompanying documents',
    within: 'DecLicenseDocus',
    min: 0,
    max: 7,
    always: true,
    fields: document,
  },
  {
    name: 'DecRequestCert',
    zh: '申请单证',
    en: 'Certificates applied for',
    within: 'DecRequestCerts',
    min: 0,
    max: UNBOUNDED,
    fields: certificate,
  },
  {
    name: 'DecOtherPack',
    zh: '其他包装',
    en: 'Other packing',
    within: 'DecOtherPacks',
    min: 0,
    max: UNBOUNDED,
    fields: packing,
  },
  {
    name: 'DecCopLimit',
    zh: '企业资质',
    en: 'Qualifications',
    within: 'DecCopLimits',
    min: 0,
    max: UNBOUNDED,
    fields: qualification,
  },
  { name: 'DecUser', zh: '使用人', en: 'Users', within: 'DecUsers', min: 0, max: UNBOUNDED, fields: user },
  {
    name: 'DecMarkLob',
    zh: '标记号码附件',
    en: 'Attachments of marks',
    within: 'DecMarkLobs',
    min: 0,
    max: UNBOUNDED,
    fields: mark,
  },
  { name: 'DecFreeTxt', zh: '自由文本', en: 'Free text', min: 0, max: 1, always: true, fields: freeText },
  { name: 'DecSign', zh: '签名信息', en: 'Signature', min: 1, max: 1, always: true, fields: signature },
  ...transitParts,
  supplementPart,
  { name: 'EdocRealation', zh: '电子随附单据', en: 'Attached e-documents', min: 0, max: 10, fields: attachment },
  { name: 'EcoRelation', zh: '原产地证明项号', en: 'Proofs of origin by item', min: 0, max: 20, fields: origin },
  ...taxParts,
] as const satisfies readonly PartSpec[];

export const decMessage = {
  message: 'DecMessage',
  family: 'dec',
  zh: '报关单',
  en: 'Goods declaration',
  direction: 'export',
  kind: 'request',
  edition: '2018-08',
  source: '国际贸易单一窗口接口说明 2018-08 报关单',
  bare: { version: '3.1' },
  node: 'DecMessage',
  maxNodes: 1,
  head: {
    name: 'DecHead',
    zh: '表头',
    en: 'Head',
    fields: head,
    main: [
      'TradeMode',
      'CustomMaster',
      'IEPort',
      'EntyPortCode',
      'IEDate',
      'TradeName',
      'OverseasConsigneeEname',
      'OwnerName',
      'AgentName',
      'TrafMode',
      'TrafName',
      'BillNo',
      'ContrNo',
      'CutMode',
      'TradeAreaCode',
      'TradeCountry',
      'DistinatePort',
      'TransMode',
      'WrapType',
      'PackNo',
      'GrossWet',
      'NetWt',
      'FeeMark',
      'FeeRate',
      'FeeCurr',
      'InsurMark',
      'InsurRate',
      'InsurCurr',
      'MarkNo',
      'NoteS',
      'PromiseItmes',
      'DeclareName',
      'InputerName',
      'TypistNo',
    ],
  },
  lines: {
    name: 'DecList',
    zh: '商品',
    en: 'Goods',
    within: 'DecLists',
    max: 50,
    fields: item,
    main: [
      'CodeTS',
      'GName',
      'GModel',
      'GQty',
      'GUnit',
      'DeclPrice',
      'DeclTotal',
      'TradeCurr',
      'FirstQty',
      'FirstUnit',
      'SecondQty',
      'SecondUnit',
      'DestinationCountry',
      'OriginCountry',
      'DistrictCode',
      'DutyMode',
    ],
    parts: [
      {
        name: 'DecGoodsLimit',
        zh: '商品许可证',
        en: 'Licences of goods',
        within: 'DecGoodsLimits',
        before: 'MnufctrRegNo',
        min: 0,
        max: UNBOUNDED,
        fields: licence,
        parts: [
          {
            name: 'DecGoodsLimitVin',
            zh: '许可证 VIN 信息',
            en: 'Vehicles of a licence',
            min: 0,
            max: UNBOUNDED,
            fields: vehicle,
          },
        ],
      },
    ],
  },
  parts,
  businessKey: ['ClientSeqNo'],
  number: 'ClientSeqNo',
  party: 'OverseasConsigneeEname',
  amount: { lines: 'DeclTotal' },
  rank: 3,
  receipt: 'DecImportResponse',
} as const satisfies MessageSpec;
