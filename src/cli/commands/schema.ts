import { configJsonSchema } from '../../core/config/index.ts'
import { cliErrors } from '../../core/errors/cli.ts'
import { kindJsonSchema, knownKinds } from '../../core/kinds/index.ts'
import { jsonText } from '../data-text.ts'
import { EXIT } from '../exit-codes.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly name: string
}

export const addSchema: AddCommand = (parent, choose) => {
  parent
    .command('schema')
    .argument('[name]', `config, or a kind: ${knownKinds.join(', ')}`, 'config')
    .description('the JSON Schema of the configuration, or of a kind of resource, for editors')
    .addHelpText(
      'after',
      '\nExamples:\n  honua schema > gitops-controller.schema.json\n  honua schema Layer > layer.schema.json',
    )
    .action((name: string) => choose('schema', { name }, showSchema))
}

const showSchema: Run<Options> = async ({ name }, { out }) => {
  const schema = name === 'config' ? configJsonSchema() : kindJsonSchema(name)
  if (schema === undefined) throw cliErrors.noSchema({ name, known: ['config', ...knownKinds] })
  out.result(schema, () => [jsonText(schema)])
  return EXIT.ok
}
