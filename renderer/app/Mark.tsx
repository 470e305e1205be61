/** The mark of the app: a ledger page with a gate in it. The same drawing as resources/icons/icon.svg. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" rx="4" className="mark-ground" />
      <path d="M5.5 15V5.5h9V15" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="square" />
      <path d="M8.5 15v-4.5h3V15" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="square" />
    </svg>
  );
}
