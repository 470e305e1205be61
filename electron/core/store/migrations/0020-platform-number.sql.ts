/** The platform's own number of a document (清单编号) is what customs and the warehouse quote: found without reading documents. */
export const sql = `
CREATE INDEX document_platform_no ON document (platform_no) WHERE platform_no IS NOT NULL;
`;
