/** What notices of risk (风险通报) look for is found by index: country, code, day. Conventions: see 0010. */
export const sql = `
CREATE INDEX sales_order_country_open ON sales_order (country, order_date, id) WHERE state NOT IN ('cancelled','released');
CREATE INDEX product_hs ON product (hs_code);
CREATE INDEX export_line_country ON export_line (country, export_date, hs_code);
CREATE INDEX export_line_hs ON export_line (hs_code, export_date);
`;
