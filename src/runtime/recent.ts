/** The newest few values by name; the oldest is dropped for a new one. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get(name: string): Value | undefined {
    return this.#values.get(name)
  }

  set(name: string, value: Value): void {
    this.#values.delete(name)
    this.#values.set(name, value)
    if (this.#values.size > this.#max) for (const oldest of this.#values.keys()) if (this.#values.delete(oldest)) break
  }

  delete(name: string): void {
    this.#values.delete(name)
  }
}
