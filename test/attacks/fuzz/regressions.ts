/** Inputs that once broke a promise. */
export const regressions: readonly { readonly target: string; readonly why: string; readonly input: string }[] = [
  {
    target: 'a command line',
    why: 'half a character in a name',
    input: 'replay \ud800production --step',
  },
]
