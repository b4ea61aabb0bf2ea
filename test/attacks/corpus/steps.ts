import { at, type Threat } from './threat.ts'

/** S: steps of a topology. */
export const steps: readonly Threat[] = [
  at(
    'S1',
    'a path in a topology that leads to another host, or above the address that is configured',
    'adapters/drivers/checks.test.ts',
    'leads no request out of the address that is configured: %s',
  ),
  at(
    'S2',
    'a server that is checked points elsewhere, by a redirect or a link, or never ends its answer',
    'adapters/drivers/checks.test.ts',
    'follows no redirect and no link, and reads no endless answer',
  ),
  at('S3', 'checks are pointed at a cloud’s metadata service', 'adapters/drivers/checks.test.ts', 'never checks at %s'),
  at(
    'S4',
    'a server gives the key back, and the result of a check is stored with it',
    'adapters/drivers/checks.test.ts',
    'shows no secret, though the server gives it back',
  ),
  at(
    'S5',
    'a name in Git that means something in XML, JSON or a path',
    'adapters/drivers/steps.test.ts',
    'may be XML, where nothing that is filled in is taken for a tag',
  ),
  at(
    'S6',
    'a cache tells that a server is well which is not',
    'adapters/drivers/checks.test.ts',
    'of driver %s is not well by what a cache had ready, and asks past caches',
  ),
  at(
    'S7',
    'an answer is lost, and a step is done twice',
    'contract/driver.steps.ts',
    'a step whose answer is lost is not done twice',
  ),
  at(
    'S8',
    'a server that is written to answers with a redirect, to be sent the key elsewhere',
    'adapters/drivers/honua.test.ts',
    'a redirect to another host is not followed, and both hosts are named',
  ),
]
