import { HonuaError } from './honua-error.ts'

const mistake = (code: string, message: string, remedy: string) => new HonuaError(code, 'never', message, remedy)

/**
 * Everything that can be wrong with what a repository declares. Each is a fault of a file that a new commit must mend. Names of keys,
 * kinds and files are told, escaped by the caller; values never are: they may be secrets.
 */
export const desiredErrors = {
  fileTooLarge: (p: { readonly bytesMax: number }) =>
    mistake(
      'HONUA_FILE_TOO_LARGE',
      `the file is larger than ${p.bytesMax} bytes`,
      'split it, or raise spec.limits.maxFileSize',
    ),
  lfsPointer: () =>
    mistake(
      'HONUA_FILE_LFS_POINTER',
      'the file is a Git LFS pointer, not the file itself',
      'take *.yaml, *.yml and *.json out of .gitattributes (filter=lfs) and commit the content',
    ),
  encoding: () => mistake('HONUA_FILE_ENCODING', 'the file is not valid UTF-8 here', 'save it as UTF-8'),
  character: (p: { readonly codePoint: number }) =>
    mistake(
      'HONUA_FILE_CHARACTER',
      `the character U+${p.codePoint.toString(16).toUpperCase().padStart(4, '0')} is not allowed`,
      'remove it',
    ),
  syntax: (p: { readonly reason: string }) =>
    mistake('HONUA_YAML_SYNTAX', `invalid YAML: ${p.reason}`, 'correct the file'),
  directive: () =>
    mistake(
      'HONUA_YAML_DIRECTIVE',
      'only the directive %YAML 1.2 is accepted',
      'remove the line; YAML 1.2 is what the file is read as',
    ),
  tag: () =>
    mistake(
      'HONUA_YAML_TAG',
      'the tag (!…) is not one of the core schema, or does not fit its value',
      'remove the tag: resources hold plain data only',
    ),
  tooDeep: (p: { readonly depthMax: number }) =>
    mistake('HONUA_YAML_TOO_DEEP', `more than ${p.depthMax} levels are nested`, 'flatten the content'),
  tooComplex: (p: { readonly what: string }) =>
    mistake('HONUA_YAML_TOO_COMPLEX', `the file holds more than ${p.what}`, 'split the file'),
  unparsable: () =>
    mistake(
      'HONUA_YAML_UNPARSABLE',
      'parsing the file takes more time or memory than is allowed',
      'simplify or split the file',
    ),
  tooManyDocuments: (p: { readonly documentsMax: number }) =>
    mistake('HONUA_YAML_TOO_MANY_DOCUMENTS', `the file holds more than ${p.documentsMax} documents`, 'split the file'),
  duplicateKey: (p: { readonly key: string }) =>
    mistake('HONUA_YAML_DUPLICATE_KEY', `the key ${p.key} is given twice`, 'keep one of them'),
  keyNotString: () =>
    mistake('HONUA_YAML_KEY_TYPE', 'a key must be a string', 'put the key in quotes, for example "404": …'),
  keyForbidden: (p: { readonly key: string }) =>
    mistake('HONUA_YAML_KEY_FORBIDDEN', `the key ${p.key} is not allowed`, 'choose another name'),
  mergeKey: () =>
    mistake(
      'HONUA_YAML_MERGE_KEY',
      'merge keys (<<) are not accepted',
      'write the fields out, or use environments/common',
    ),
  aliasUnknown: () =>
    mistake(
      'HONUA_YAML_ALIAS',
      'the alias (*…) names no anchor (&…) that is complete before it in the same document',
      'define the anchor before it is used, and never inside itself',
    ),
  aliasLimit: (p: { readonly aliasesMax: number }) =>
    mistake('HONUA_YAML_ALIAS_LIMIT', `more than ${p.aliasesMax} aliases (*…) are used`, 'write the values out'),
  number: () =>
    mistake(
      'HONUA_YAML_NUMBER',
      'the number cannot be kept exactly',
      'put it in quotes, or write it with at most 15 significant digits (whole numbers up to 9007199254740991)',
    ),

  form: (p: { readonly reason: string; readonly hint: string }) => mistake('HONUA_RESOURCE_FORM', p.reason, p.hint),
  apiVersion: (p: { readonly shown: string }) =>
    mistake(
      'HONUA_RESOURCE_API_VERSION',
      `apiVersion ${p.shown} is not known`,
      'write apiVersion: honua.io/v1 or honua.io/v1alpha1',
    ),
  notDeployable: (p: { readonly kind: string; readonly hint: string }) =>
    mistake('HONUA_RESOURCE_KIND', `${p.kind} is not something that can be deployed`, p.hint),
  identity: (p: { readonly field: string; readonly reason: string; readonly hint: string }) =>
    mistake('HONUA_RESOURCE_NAME', `${p.field} ${p.reason}`, p.hint),
  annotation: (p: { readonly name: string; readonly expected: string }) =>
    mistake('HONUA_RESOURCE_ANNOTATION', `the annotation ${p.name} must be ${p.expected}`, 'correct it'),
  duplicate: (p: { readonly key: string; readonly first: string }) =>
    mistake(
      'HONUA_RESOURCE_DUPLICATE',
      `${p.key} is declared twice, first at ${p.first}`,
      'remove or rename one of them',
    ),
  twin: (p: { readonly key: string; readonly other: string; readonly first: string }) =>
    mistake(
      'HONUA_RESOURCE_CASE_TWIN',
      `${p.key} differs from ${p.other} at ${p.first} only in upper and lower case`,
      'rename one of them: some targets cannot keep them apart',
    ),
  formsDiffer: (p: { readonly key: string; readonly own: string; readonly common: string; readonly first: string }) =>
    mistake(
      'HONUA_RESOURCE_FORM',
      `${p.key} has apiVersion ${p.own}, but ${p.common} at ${p.first}, which it is laid upon`,
      'give both the same apiVersion',
    ),
  invalid: (p: { readonly kind: string; readonly field: string; readonly reason: string }) =>
    mistake('HONUA_RESOURCE_INVALID', `${p.kind}: ${p.field} ${p.reason}`, 'correct it'),

  entryName: (p: { readonly shown: string }) =>
    mistake('HONUA_TREE_NAME', `the name ${p.shown} is not allowed`, 'use letters, digits, ".", "_" and "-" only'),
  entryTwin: (p: { readonly shown: string; readonly other: string }) =>
    mistake(
      'HONUA_TREE_TWIN',
      `the names ${p.shown} and ${p.other} differ only in upper and lower case or in how an accent is written`,
      'rename one of them',
    ),
  symlink: () => mistake('HONUA_TREE_SYMLINK', 'symbolic links are not followed', 'commit the file itself'),
  submodule: () => mistake('HONUA_TREE_SUBMODULE', 'submodules are not read', 'commit the files themselves'),
  entryMode: () =>
    mistake('HONUA_TREE_MODE', 'the entry is neither a file nor a folder', 'commit it as a regular file'),
  notAFolder: () =>
    mistake('HONUA_TREE_MODE', 'this must be a folder', 'commit a folder of that name, not a file or link'),
  treeTooLarge: (p: { readonly what: string }) =>
    mistake('HONUA_TREE_TOO_LARGE', `the folder holds more than ${p.what}`, 'split it over several environments'),

  environmentName: (p: { readonly shown: string }) =>
    mistake(
      'HONUA_ENVIRONMENT_NAME',
      `${p.shown} cannot be the name of an environment`,
      'use lower-case letters, digits and "-", at most 63, beginning and ending with a letter or digit',
    ),
  environmentMissing: (p: { readonly environment: string }) =>
    mistake(
      'HONUA_ENVIRONMENT_MISSING',
      `the commit has no folder environments/${p.environment}`,
      'add it again; to retire an environment, empty it first (nothing is deleted meanwhile)',
    ),
  topologies: () =>
    mistake(
      'HONUA_TOPOLOGY_TWICE',
      'this is a second topology of the same environment',
      'give both the same name, so that the environment’s is laid upon that of common, or remove one',
    ),
  homeless: (p: { readonly key: string; readonly kind: string }) =>
    mistake(
      'HONUA_RESOURCE_HOMELESS',
      `no target of this environment takes ${p.key}`,
      p.kind === 'Migration'
        ? 'give the environment a target with driver: postgres in the controller’s configuration, or remove the folder migrations'
        : `give the environment a target that takes resources of kind ${p.kind}, or remove the file`,
    ),
  migrationName: (p: { readonly shown: string }) =>
    mistake(
      'HONUA_MIGRATION_NAME',
      `${p.shown} is not the name of a migration`,
      'call it NNN_name.sql: a number of 3 to 15 digits, "_", then letters, digits, "_" and "-"',
    ),
  migrationNumber: (p: { readonly number: number; readonly first: string }) =>
    mistake(
      'HONUA_MIGRATION_NUMBER',
      `the number ${p.number} is given twice, first to ${p.first}`,
      'give the newer file a higher number',
    ),
  migrationStranger: () =>
    mistake(
      'HONUA_MIGRATION_NAME',
      'a folder migrations holds files NNN_name.sql and no folders or resources',
      'move this out of it',
    ),
  migrationSql: (p: { readonly reason: string }) =>
    mistake('HONUA_MIGRATION_SQL', `this is not SQL: ${p.reason}`, 'correct the file'),
  migrationPlaceholder: () =>
    mistake(
      'HONUA_MIGRATION_SECRET',
      '${NAME} stands for no secret in SQL: migrations are recorded and shown as they stand',
      'write the value out, or set it at the database by other means if it is secret',
    ),
  migrationTransaction: () =>
    mistake(
      'HONUA_MIGRATION_TRANSACTION',
      'a migration cannot begin or end a transaction: each is applied in one of its own',
      'remove the statement',
    ),
  migrationAlone: () =>
    mistake(
      'HONUA_MIGRATION_ALONE',
      'PostgreSQL runs this statement outside transactions only, so it cannot be undone together with others',
      'give it a file of its own',
    ),
  more: (p: { readonly count: number }) =>
    mistake('HONUA_DESIRED_MORE', `and ${p.count} more`, 'correct those above first'),
} as const
