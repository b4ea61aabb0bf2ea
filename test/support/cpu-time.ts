/** CPU time that the work takes, ms. What else the computer does meanwhile hardly counts, as it would on a clock on the wall. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
