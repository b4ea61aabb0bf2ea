const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/** Whether only programs of the same computer can reach this address: `localhost`, `127.…` or `::1`. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
