import { join, relative } from 'node:path'
import { type Node, type SourceFile } from 'typescript/unstable/ast'
import {
  isCallExpression,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  isTemplateExpression,
} from 'typescript/unstable/ast/is'
import { API, SymbolFlags, TypeFlags, type Checker, type Type } from 'typescript/unstable/sync'

/** The part of a TypeScript type that a value from Postgres can contradict. */
export type DeclaredType =
  | { kind: 'string' | 'number' | 'boolean' | 'date' | 'bytes' | 'unknown' }
  | { kind: 'array'; element: DeclaredType }
  /** Without properties: any JSON object. */
  | { kind: 'object'; properties: readonly DeclaredColumn[] }

export interface DeclaredColumn {
  name: string
  type: DeclaredType
  isNullable: boolean
  /** Declared with `?`, so the value may be missing. */
  isOptional: boolean
}

/** A call such as `pool.query<Row>(…)`, at `packages/…/file.ts:line`. */
export interface DeclaredCall {
  at: string
  /** `caller`: the caller of the function passes the row type as a type parameter. Null: no row type is declared. */
  row: readonly DeclaredColumn[] | 'caller' | null
}

/** A string or template in the source that begins like an SQL statement. */
interface SqlLiteral {
  at: string
  /** The parts between the template's expressions. */
  parts: readonly string[]
}

export interface DeclaredSql {
  calls: readonly DeclaredCall[]
  literals: readonly SqlLiteral[]
}

const repository = join(import.meta.dirname, '../../../../..')
const statementStart = /^\s*(select|insert into|update|delete from|with)\s/

/**
 * Reads all typed calls and all SQL from the files of this package whose path matches, with the TypeScript compiler.
 */
export function readDeclaredSql(files: RegExp): DeclaredSql {
  const api = new API({ cwd: repository })
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(import.meta.dirname, 'tsconfig.json')] })
    const [project] = snapshot.getProjects()
    if (!project) throw new Error('The TypeScript compiler opened no project.')
    const { program, checker } = project
    const names = program.getSourceFileNames().filter((name) => files.test(relative(repository, name)))
    const read = names
      .flatMap((name) => program.getSourceFile(name) ?? [])
      .map((file) => readFile(file, checker))
    return {
      calls: read.flatMap(({ calls }) => calls),
      literals: read.flatMap(({ literals }) => literals),
    }
  } finally {
    api.close()
  }
}

function readFile(file: SourceFile, checker: Checker): DeclaredSql {
  const calls: DeclaredCall[] = []
  const literals: SqlLiteral[] = []
  const lineOf = (end: number): number => file.text.slice(0, end).split('\n').length
  const at = (end: number): string => `${relative(repository, file.fileName)}:${lineOf(end)}`
  const visit = (node: Node): void => {
    const name = isCallExpression(node) ? calledName(node.expression) : null
    if (name && isCallExpression(node)) {
      const [argument] = node.typeArguments ?? []
      const type = argument && checker.getTypeFromTypeNode(argument)
      if (type || name.text === 'query')
        calls.push({ at: at(name.end), row: type ? rowOf(type, checker) : null })
    }
    const parts = partsOf(node)
    if (parts && statementStart.test(parts[0] ?? '')) literals.push({ at: at(node.end), parts })
    node.forEachChild(visit)
  }
  visit(file)
  return { calls, literals }
}

function calledName(called: Node): { text: string; end: number } | null {
  if (isIdentifier(called)) return called
  return isPropertyAccessExpression(called) && isIdentifier(called.name) ? called.name : null
}

function partsOf(node: Node): readonly string[] | null {
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (!isTemplateExpression(node)) return null
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
}

function rowOf(type: Type, checker: Checker): DeclaredCall['row'] {
  return type.flags & TypeFlags.TypeParameter ? 'caller' : columnsOf(type, checker)
}

function columnsOf(type: Type, checker: Checker): DeclaredColumn[] {
  return checker.getPropertiesOfType(type).map((property) => {
    const members = membersOf(checker.getTypeOfSymbol(property))
    const isOptional = (property.flags & SymbolFlags.Optional) !== 0
    return {
      name: property.name,
      type: declaredTypeOf(members, checker),
      isNullable: isOptional || members.some(mayBeNull),
      isOptional,
    }
  })
}

function membersOf(type: Type | undefined): readonly Type[] {
  if (!type) return []
  return type.isUnionType() ? (type.getTypes() ?? []) : [type]
}

const isNullish = ({ flags }: Type): boolean => (flags & TypeFlags.Nullable) !== 0
const mayBeNull = ({ flags }: Type): boolean => (flags & (TypeFlags.Nullable | TypeFlags.AnyOrUnknown)) !== 0

function declaredTypeOf(members: readonly Type[], checker: Checker): DeclaredType {
  const types = members.filter((type) => !isNullish(type))
  const are = (flags: TypeFlags): boolean => types.every((type) => (type.flags & flags) !== 0)
  const [type] = types
  if (!type || are(TypeFlags.AnyOrUnknown)) return { kind: 'unknown' }
  if (are(TypeFlags.StringLike)) return { kind: 'string' }
  if (are(TypeFlags.NumberLike)) return { kind: 'number' }
  if (are(TypeFlags.BooleanLike)) return { kind: 'boolean' }
  if (types.length > 1) return { kind: 'object', properties: [] }
  const name = type.getSymbol()?.name
  if (name === 'Date') return { kind: 'date' }
  if (name === 'Uint8Array' || name === 'Buffer') return { kind: 'bytes' }
  if (!checker.isArrayLikeType(type)) return { kind: 'object', properties: columnsOf(type, checker) }
  const [element] = type.isTypeReference() ? checker.getTypeArguments(type) : []
  return { kind: 'array', element: declaredTypeOf(membersOf(element), checker) }
}
