/** Longest text of a target that is repeated in an error, in characters. */
const TEXT_MAX = 500
const HIDDEN = '(hidden)'

/** The ways one secret may come back in an answer: as is, inside JSON, in a URL, in base64. */
function forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(bytes.toString('utf8')),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}

/** `text` without any of the `secrets` in whatever form, without control and direction characters, at most 500 characters long. */
export function scrub(text: string, secrets: Iterable<string>): string {
  const unwanted = [...new Set([...secrets].filter((secret) => secret !== '').flatMap(forms))]
  // Longest first: a secret that contains another one must not leave its rest behind.
  unwanted.sort((a, b) => b.length - a.length)
  let clean = text
  for (const form of unwanted) clean = clean.replaceAll(form, HIDDEN)
  // Controls, zero-width and bidirectional characters can forge log lines and fool a reader.
  clean = clean.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ').trim()
  return clean.length > TEXT_MAX ? `${clean.slice(0, TEXT_MAX)}…` : clean
}
