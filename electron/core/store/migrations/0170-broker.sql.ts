/** The broker’s desk (报关行): delegations, maker and checker, fee notes. Conventions: see 0010. */
export const sql = '';
