import { Component, type ReactNode } from 'react'
import { Failure } from '../parts/notices.tsx'

/** One page that fails leaves the rest usable. */
export class Caught extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    return this.state.error === null ? this.props.children : <Failure error={this.state.error} />
  }
}
