import type { ReactNode } from 'react';

/** A small form of a pane beside a shipment: Enter in any of its text fields saves. */
export function SmallForm({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: ReactNode }) {
  return (
    <form
      className="panel-pad card-form way-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
