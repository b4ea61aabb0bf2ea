/** One run of the controller, from its start to its crash or stop. What it still had under way afterwards hears nothing any more. */
export class Life {
  readonly number: number
  #isAlive = true

  constructor(number: number) {
    this.number = number
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  end(): void {
    this.#isAlive = false
  }

  /** The promise as this run sees it: after its end, it never settles. */
  hears<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (this.#isAlive) resolve(value)
        },
        (error: unknown) => {
          if (this.#isAlive) reject(error)
        },
      )
    })
  }
}

/** What somebody who is gone waits for. */
export function never<Value>(): Promise<Value> {
  return new Promise(() => undefined)
}
