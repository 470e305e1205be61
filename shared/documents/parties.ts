/** Who stands on a document: one place that knows what each message calls its parties (境内收发货人、申报单位、生产销售单位), mode and day. */
import { type AnyDocument, headOf, type MessageSpec, rowsOf, type Values } from './spec.ts';

export interface DocumentParty {
  /** The credit code where there is one, else the customs code; empty where the message names nobody. */
  readonly code: string;
  /** All codes the document gives of it. */
  readonly codes: readonly string[];
  readonly name: string;
  /** The field of the head that names it. */
  readonly field: string;
}

export interface DocumentParties {
  /** Whose goods or data are declared: 电商企业, 境内收发货人. */
  readonly principal: DocumentParty;
  /** Who declares: 申报企业, 申报单位. */
  readonly agent: DocumentParty;
  /** 生产销售单位. */
  readonly producer: DocumentParty;
  readonly mode: string;
  readonly modeField: string;
  /** `yyyyMMdd…` of its filing, as far as it is stated. */
  readonly filedAt: string;
}

function partyOf(head: Values, codes: readonly string[], name: string): DocumentParty {
  const given = codes.flatMap((field) => {
    const code = head[field] ?? '';
    return code === '' ? [] : [{ field, code }];
  });
  return {
    code: given[0]?.code ?? '',
    codes: given.map(({ code }) => code),
    name: head[name] ?? '',
    field: given[0]?.field ?? codes[0] ?? '',
  };
}

/** The parties of a document of any message; empty texts where it has none. */
export function partiesOf(spec: MessageSpec, body: AnyDocument): DocumentParties {
  const head = headOf(spec, body);
  if (spec.family === 'dec') {
    const sign = spec.parts?.find(({ name }) => name === 'DecSign');
    const signed = sign === undefined ? undefined : (rowsOf(sign, body)[0] as Values | undefined);
    return {
      principal: partyOf(head, ['TradeCoScc', 'TradeCode'], 'TradeName'),
      agent: partyOf(head, ['AgentCodeScc', 'AgentCode'], 'AgentName'),
      producer: partyOf(head, ['OwnerCodeScc', 'OwnerCode'], 'OwnerName'),
      mode: head['TradeMode'] ?? '',
      modeField: 'TradeMode',
      filedAt: signed?.['SignDate'] ?? '',
    };
  }
  return {
    principal: partyOf(head, ['ebcCode'], 'ebcName'),
    agent: partyOf(head, ['agentCode'], 'agentName'),
    producer: partyOf(head, ['ownerCode'], 'ownerName'),
    mode: head['tradeMode'] ?? '',
    modeField: 'tradeMode',
    filedAt: head['appTime'] ?? '',
  };
}
