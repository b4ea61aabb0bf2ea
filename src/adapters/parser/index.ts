/** Parsing in threads of its own: a large or hostile file neither holds up nor ends the controller. */
export { openParserPool, type ParserPool, type ParserPoolOptions } from './pool.ts'
