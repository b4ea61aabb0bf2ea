import { type ComponentProps, useState } from 'react'

type Props = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'onBlur'> & {
  readonly label: string
  readonly value: string
  readonly onText: (text: string) => void
}

/** A field that shows what is typed until it is left: half a date or number leads somewhere, and must not be put right meanwhile. */
export function Drafted({ label, value, onText, ...rest }: Props) {
  const [draft, setDraft] = useState<string | null>(null)
  return (
    <label>
      {label}
      <input
        {...rest}
        value={draft ?? value}
        onChange={({ target }) => {
          setDraft(target.value)
          onText(target.value)
        }}
        onBlur={() => setDraft(null)}
      />
    </label>
  )
}
