/** Keeps a bug of one page from taking the desk with it: the rail still works, nothing that was saved is lost. */
import { Component, type ReactNode } from 'react';
import { ErrorNote } from '../components/ErrorNote.tsx';

export class PageGuard extends Component<
  { readonly place: string; readonly children: ReactNode },
  { readonly failure: string | undefined }
> {
  override state: { failure: string | undefined } = { failure: undefined };

  static getDerivedStateFromError(thrown: unknown): { failure: string } {
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  /** Going elsewhere leaves the failure behind. A key would do it too, but it would also throw away a page at every change of its parameters. */
  override componentDidUpdate(before: { readonly place: string }): void {
    if (before.place !== this.props.place && this.state.failure !== undefined) this.setState({ failure: undefined });
  }

  override render(): ReactNode {
    if (this.state.failure === undefined) return this.props.children;
    return (
      <ErrorNote
        error={{ code: 'DESK_BUG', params: { message: this.state.failure } }}
        onRetry={() => this.setState({ failure: undefined })}
      />
    );
  }
}
