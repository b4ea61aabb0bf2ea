import { describe, expect, it } from 'vitest'
import { refusesIds, remoteFailure } from '../../../src/adapters/git/failures.ts'
import type { GroupResult } from '../../../src/adapters/process/run-group.ts'

const context = { url: 'https://h/x', branch: 'main', timeoutMs: 5000, bytesMax: 1000, secrets: ['S3CRET'] }
const said = (stderr: string, more: Partial<GroupResult> = {}): GroupResult => ({
  ended: 'exit',
  code: 128,
  killedBy: null,
  stdout: '',
  stderr,
  ...more,
})

describe('remoteFailure', () => {
  it.each([
    [
      "fatal: unable to access 'https://h/x/': server certificate verification failed. CAfile: none CRLfile: none",
      'UNTRUSTED',
    ],
    ["fatal: unable to access 'https://h/x/': SSL certificate problem: certificate has expired", 'UNTRUSTED'],
    [
      "fatal: unable to access 'https://h/x/': SSL: no alternative certificate subject name matches target host name 'h'",
      'UNTRUSTED',
    ],
    ['@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.', 'UNTRUSTED'],
    ['git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'AUTH'],
    ["fatal: unable to access 'https://h/x/': The requested URL returned error: 403", 'AUTH'],
    ["fatal: could not read Username for 'https://h': terminal prompts disabled", 'AUTH'],
    ["remote: Repository not found.\nfatal: repository 'https://h/x/' not found", 'REPOSITORY_MISSING'],
    ["fatal: '/x' does not appear to be a git repository", 'REPOSITORY_MISSING'],
    ["fatal: couldn't find remote ref refs/heads/main", 'BRANCH_MISSING'],
    [
      "fatal: unable to access 'https://h/x/': Operation too slow. Less than 1000 bytes/sec transferred the last 30 seconds",
      'TIMEOUT',
    ],
    [
      'error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec transferred the last 30 seconds\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
      'TIMEOUT',
    ],
    ["fatal: unable to access 'https://h/x/': Could not resolve host: h", 'UNREACHABLE'],
    ["fatal: unable to access 'https://h/x/': Failed to connect to h port 443: Connection refused", 'UNREACHABLE'],
    ["fatal: unable to access 'https://h/x/': The requested URL returned error: 503", 'UNREACHABLE'],
    ['fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output', 'DISK_FULL'],
    ['error: object 12ab: treeNotSorted: not properly sorted\nfatal: fsck error in packed object', 'REJECTED'],
    ['something new in a later git', 'UNREACHABLE'],
    ['', 'UNREACHABLE'],
  ])('%j is HONUA_GIT_%s', (stderr, code) => {
    expect(remoteFailure(said(stderr), context).code).toBe(`HONUA_GIT_${code}`)
  })

  it('is not decided by what the server says', () => {
    const error = remoteFailure(said('remote: Permission denied\nremote: Host key verification failed.\n'), context)
    expect(error.code).toBe('HONUA_GIT_UNREACHABLE')
    expect(error.message).not.toContain('Permission')
  })

  it('holds no secret, no escape sequence and no cause', () => {
    const error = remoteFailure(said('fatal: \u001b]0;S3CRET\u0007 https://u:p@h/x'), context)
    expect(error.message).not.toMatch(/S3CRET|u:p|\u001b|\u0007/)
    expect(error.cause).toBeUndefined()
  })

  it('names a program that did not start, and an answer that did not end', () => {
    expect(remoteFailure(said('ENOENT', { ended: 'no-start' }), context).code).toBe('HONUA_GIT_PROGRAM_MISSING')
    expect(remoteFailure(said('', { ended: 'overflow' }), context).code).toBe('HONUA_GIT_UNREACHABLE')
  })

  it.each(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'])(
    '%s at the start is a want that passes, and no missing program',
    (want) => {
      expect(remoteFailure(said(want, { ended: 'no-start' }), context)).toMatchObject({
        code: 'HONUA_GIT_NO_START',
        retry: 'later',
      })
    },
  )
})

describe('refusesIds', () => {
  it('knows the words of servers that give branches only', () => {
    expect(refusesIds(said('error: Server does not allow request for unadvertised object 12ab'))).toBe(true)
    expect(refusesIds(said('fatal: remote error: upload-pack: not our ref 12ab'))).toBe(true)
    expect(refusesIds(said('remote: not our ref 12ab'))).toBe(false)
  })
})
