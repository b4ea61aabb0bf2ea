import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export type Wish =
  | { readonly wish: 'events'; readonly perSecond: number }
  | { readonly wish: 'cpu' }
  | { readonly wish: 'end' }
export type Reply =
  | { readonly reply: 'ready'; readonly url: string }
  | { readonly reply: 'done' }
  | { readonly reply: 'cpu'; readonly ms: number; readonly events: number }

/** A program of this folder, in a process of its own. */
export class Measured {
  readonly #child: ChildProcess
  #url = ''

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(program: string, ...args: readonly string[]): Promise<Measured> {
    const path = new URL(program, import.meta.url).pathname
    const measured = new Measured(fork(path, [...args], { execArgv: ['--import', 'tsx'] }))
    const first = await measured.#reply()
    if (first.reply !== 'ready') throw new Error(`${program} said ${first.reply}`)
    measured.#url = first.url
    return measured
  }

  get url(): string {
    return this.#url
  }

  async events(perSecond: number): Promise<void> {
    await this.#ask({ wish: 'events', perSecond })
  }

  /** CPU time that the process took while the work was done, in ms, and how many events happened. */
  async during(work: () => Promise<unknown>): Promise<{ readonly cpuMs: number; readonly events: number }> {
    const before = await this.#cpu()
    await work()
    const behind = await this.#cpu()
    return { cpuMs: behind.ms - before.ms, events: behind.events - before.events }
  }

  async end(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.send({ wish: 'end' } satisfies Wish)
    await gone
  }

  async #cpu(): Promise<Extract<Reply, { readonly reply: 'cpu' }>> {
    const reply = await this.#ask({ wish: 'cpu' })
    if (reply.reply !== 'cpu') throw new Error(`the measured process said ${reply.reply}`)
    return reply
  }

  #ask(wish: Wish): Promise<Reply> {
    const answer = this.#reply()
    this.#child.send(wish)
    return answer
  }

  async #reply(): Promise<Reply> {
    const ended = new AbortController()
    try {
      const [reply]: Reply[] = await Promise.race([
        once(this.#child, 'message', { signal: ended.signal }),
        once(this.#child, 'exit', { signal: ended.signal }).then(([code]) => {
          throw new Error(`the measured process ended with ${code}`)
        }),
      ])
      if (reply === undefined) throw new Error('the measured process said nothing')
      return reply
    } finally {
      ended.abort()
    }
  }
}
