/** What was last typed into each calculator, until the desk is closed: nothing of it is kept in the book. */
import { create } from 'zustand';
import type { FormValues } from './calculator-form.ts';

export const useLastInputs = create<{ readonly of: Readonly<Record<string, FormValues>> }>(() => ({ of: {} }));

export function keepInputs(calculator: string, values: FormValues): void {
  useLastInputs.setState((state) => ({ of: { ...state.of, [calculator]: values } }));
}
