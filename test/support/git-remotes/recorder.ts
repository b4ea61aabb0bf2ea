import { existsSync } from 'node:fs'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One start of git: its arguments and its whole environment. */
export interface GitStart {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A program that notes how it is called, then becomes the real git. */
export interface GitRecorder {
  /** For the option `gitPath`. */
  readonly path: string
  starts(): Promise<readonly GitStart[]>
  /** Everything noted so far, as text: to look for secrets. */
  text(): Promise<string>
  forget(): Promise<void>
}

/** Writes the recorder into `folder`. Git's own children (transport helpers, ssh, shells) are not seen: they are not started by us. */
export async function gitRecorder(folder: string): Promise<GitRecorder> {
  const path = join(folder, 'git')
  const notes = join(folder, 'notes')
  await writeFile(notes, '')
  await writeFile(
    path,
    [
      `#!${process.execPath}`,
      `const { appendFileSync } = require('node:fs')`,
      `const { spawnSync } = require('node:child_process')`,
      `const args = process.argv.slice(2)`,
      `appendFileSync(${JSON.stringify(notes)}, JSON.stringify({ args, env: process.env }) + '\\n')`,
      `const done = spawnSync(${JSON.stringify(realGit())}, args, { stdio: ['inherit', 'inherit', 'inherit', 3] })`,
      `process.exit(done.status ?? 1)`,
      '',
    ].join('\n'),
  )
  await chmod(path, 0o700)
  const text = () => readFile(notes, 'utf8')
  return {
    path,
    text,
    async starts() {
      const lines = (await text()).split('\n').filter((line) => line !== '')
      return lines.map((line): GitStart => JSON.parse(line))
    },
    forget: () => writeFile(notes, ''),
  }
}

/** By its whole path: the recorder itself stands first in PATH. */
function realGit(): string {
  const folders = ['/usr/local/bin', '/usr/bin', '/bin', ...(process.env['PATH'] ?? '').split(':')]
  const path = folders.map((folder) => join(folder, 'git')).find((each) => existsSync(each))
  if (path === undefined) throw new Error('no git on this computer')
  return path
}
