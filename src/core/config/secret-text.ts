/** `${NAME}` in the configuration stands for a secret and stays as it is; it is looked up at the moment of use. */

/** Names of secrets, as secretRef gives them. */
export const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/
const PLACEHOLDER = /\$\{([A-Za-z][A-Za-z0-9_-]*)\}/g

/** Names in `${…}`, in order; none when the text holds no placeholder. */
export function placeholderNames(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
}

/** Whether the text begins a placeholder that never becomes one, e.g. `${1X}`: left alone, it would itself be taken for the secret. */
export function hasBrokenPlaceholder(text: string): boolean {
  return text.replace(PLACEHOLDER, '').includes('${')
}
