/** The account a repaid refund was paid from: its voucher is posted by rule. */
export const sql = `
ALTER TABLE return_certificate ADD COLUMN repay_account TEXT NOT NULL DEFAULT '1002';
`;
