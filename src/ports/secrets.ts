/** Reads secrets at the moment of use. Values are never kept, logged or put in an error. */
export interface Secrets {
  /** The secret `name` (a file in the secrets folder, else the environment variable NAME), without its final newline. */
  read(name: string): Promise<string | undefined>
}
