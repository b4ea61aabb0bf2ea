/** What a picture's look is made of; written into the file, which then needs no style sheet. */
const LOOKS = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-weight',
  'font-style',
]

/** The picture as it is seen, as an SVG file of its own. */
export function svgFileOf(picture: SVGSVGElement): string {
  const copy = document.importNode(picture, true)
  const pairs: [Element, Element][] = [[picture, copy]]
  for (const [seen, written] of pairs) {
    const look = getComputedStyle(seen)
    for (const name of LOOKS) {
      const value = look.getPropertyValue(name)
      if (value !== '') written.setAttribute(name, value)
    }
    written.removeAttribute('class')
    pairs.push(
      ...[...seen.children].flatMap((child, place): [Element, Element][] => {
        const twin = written.children[place]
        return twin === undefined ? [] : [[child, twin]]
      }),
    )
  }
  for (const moving of copy.querySelectorAll('path[pathLength]')) moving.remove()
  const { width, height } = picture.viewBox.baseVal
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', getComputedStyle(picture).backgroundColor)
  copy.prepend(ground)
  return `${new XMLSerializer().serializeToString(copy)}\n`
}
