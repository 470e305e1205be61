/** Papers of a shipment (单据): draft declaration, invoice, packing list, contract, and the users’ own templates. */
export const papers = {} as const;
