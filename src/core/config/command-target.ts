/** What a target of driver `command` is told. */
import { z } from 'zod'
import { secretRef, text } from './fields.ts'

/** Variables that load code into every program. */
const LOADERS = /^(LD_|DYLD_|NODE_OPTIONS$|PYTHONSTARTUP$|BASH_ENV$|ENV$|IFS$)/

export const command = z
  .array(z.string().min(1))
  .min(1)
  .superRefine((words, context) => {
    if (words[0]?.startsWith('/') === false)
      context.addIssue({ code: 'custom', message: 'expected the absolute path of a program', path: [0] })
    for (const [index, word] of words.entries())
      if (word.includes('\0')) context.addIssue({ code: 'custom', message: 'it holds a NUL', path: [index] })
  })
  .transform(([program = '', ...rest]): [string, ...string[]] => [program, ...rest])
  .describe('The program by its absolute path, and its arguments; no shell reads them.')

export const commandSettings = z
  .record(z.string(), z.json())
  .default({})
  .describe('Handed to the program as it stands: what it must know of its target.')

export const commandEnv = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected the name of an environment variable' })
      .refine((name) => !LOADERS.test(name), { error: 'this variable loads code into programs' }),
    z.string().regex(/^[^\0]*$/, { error: 'it holds a NUL' }),
  )
  .default({})
  .describe(
    'Added to the program’s environment, which is PATH, HOME, LC_ALL and TZ and nothing of the controller’s own.',
  )

export const commandSecrets = z
  .array(z.strictObject({ name: text('Name by which the program knows it.'), secretRef }))
  .default([])
  .describe('Secrets that are handed to the program on its standard input.')

export const commandKinds = z
  .array(text('Kind of resource.'))
  .min(1)
  .exactOptional()
  .describe('Kinds of resource that belong on this target; absent: all but migrations.')
