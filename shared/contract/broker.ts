/** The broker’s desk (报关行): delegations, maker and checker, fee notes. */
export const broker = {} as const;
