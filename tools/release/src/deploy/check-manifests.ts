import { join } from 'node:path'
import ts from 'typescript'

/** A Kubernetes object, as parsed from YAML. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  [field: string]: unknown
}

/**
 * Package with the schemas of an API group: those of Kubernetes and KEDA, generated from OpenAPI documents and CRDs.
 */
function moduleOf({ apiVersion }: Manifest): string {
  return `${apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models'}/${apiVersion}`
}

type Model = new (manifest: Manifest) => { validate: () => void }

/** Violations of a manifest's schema: missing fields, wrong types and unknown values. */
export async function schemaProblem(manifest: Manifest): Promise<string | null> {
  const models = (await import(moduleOf(manifest))) as Record<string, Model | undefined>
  const ModelOf = models[manifest.kind]
  if (!ModelOf) return `there is no ${manifest.kind} in ${manifest.apiVersion}`
  try {
    new ModelOf(manifest).validate()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Finds fields that no schema has; the cluster would drop them. It writes the manifest as a literal of its type, and
 * TypeScript refuses unknown fields at any depth.
 */
export function unknownFields(manifests: readonly Manifest[]): string[] {
  const lines = manifests.map(
    (manifest, index) =>
      `import type { I${manifest.kind} as T${index} } from '${moduleOf(manifest)}'
export const m${index}: T${index} = ${JSON.stringify(manifest)}`,
  )
  const file = join(import.meta.dirname, 'manifests-as-literals.ts')
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options)
  const onDisk = { ...host }
  host.fileExists = (name) => name === file || onDisk.fileExists(name)
  host.readFile = (name) => (name === file ? lines.join('\n') : onDisk.readFile(name))
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022)
      : onDisk.getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}
