/** Supervision modes (监管方式): which mode and form a shipment may take, and why. */
export const customsModes = {} as const;
