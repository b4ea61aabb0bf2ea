import { describe, expect, it } from 'vitest'
import { calm } from '../../contract/driver.requests.ts'
import { startJsonApi } from '../../support/json-api/server.ts'
import { standIn } from './honua-target.ts'

describe('which generation answers', () => {
  it('is asked anew at every probe: a server upgraded from B to C is driven as C from then on', async () => {
    const { server, open } = await standIn('B')
    try {
      const driver = open()
      expect((await driver.probe(calm())).description).toContain('manifest API')
      server.become('C')
      await expect(driver.observe([], calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_UNSUPPORTED',
        retry: 'later',
        message: expect.stringContaining('no longer'),
      })
      expect((await driver.probe(calm())).description).toContain('imperative API')
      expect((await driver.observe([], calm())).resources).toEqual([])
    } finally {
      await server.close()
    }
  })

  it.each(['A', 'B', 'C'] as const)('is believed where the configuration names it: %s', async (generation) => {
    const { server, open } = await standIn(generation)
    try {
      const driver = open({ settings: { generation } })
      expect((await driver.observe([], calm())).resources).toEqual([])
      expect((await driver.probe(calm())).abilities.delete).toBe(generation === 'C' ? 'disable' : 'delete')
    } finally {
      await server.close()
    }
  })

  it('named wrongly, it fails with what was asked and answered', async () => {
    const { server, open } = await standIn('C')
    try {
      await expect(open({ settings: { generation: 'A' } }).probe(calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_UNSUPPORTED',
        message: expect.stringContaining('GET /admin/metadata/services answered 404'),
      })
      await expect(open({ settings: { generation: 'B' } }).observe([], calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_UNSUPPORTED',
        retry: 'after-config-change',
      })
    } finally {
      await server.close()
    }
  })

  it('is told as unknown, with what was asked and answered, where nothing of Honua answers', async () => {
    const { server, open } = await standIn('B')
    const other = await startJsonApi({ etags: false })
    try {
      const settings = { url: other.url, credentials: { type: 'none' as const } }
      await expect(open({ settings }).probe(calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_UNSUPPORTED',
        retry: 'after-config-change',
        message: expect.stringMatching(
          /GET \/api\/v1\/admin\/capabilities answered 404, GET \/admin\/metadata\/services answered 404/,
        ),
      })
    } finally {
      await other.close()
      await server.close()
    }
  })
})
