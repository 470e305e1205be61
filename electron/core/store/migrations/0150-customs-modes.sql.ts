/** Supervision modes (监管方式): which mode and form a shipment may take, and why. Conventions: see 0010. */
export const sql = '';
