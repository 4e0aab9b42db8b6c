import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import GithubSlugger from 'github-slugger'

export const repository = join(import.meta.dirname, '../../../..')

/** Paths of all pages in the repository. */
export const pages: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md'], {
  cwd: repository,
}).toSorted()

export function readPage(path: string): string {
  return readFileSync(join(repository, path), 'utf8')
}

export interface CodeBlock {
  language: string
  text: string
}

const fence = /^( *)```(\w*)[^\n]*\n([\s\S]*?)^ *```/gm

/** The fenced blocks of a page, without the indentation of a surrounding list. */
export function codeBlocksIn(text: string): CodeBlock[] {
  return [...text.matchAll(fence)].map(([, indent = '', language = '', code = '']) => ({
    language,
    text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** Targets of the links and images of a page, as written; links in code do not count. */
export function linksIn(text: string): string[] {
  const prose = text.replaceAll(fence, '').replaceAll(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)]
  const html = [...prose.matchAll(/\b(?:href|src)="([^"]+)"/g)]
  return [...inline, ...html].map(([, link]) => link ?? '')
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsIn(text: string): Set<string> {
  const slugger = new GithubSlugger()
  const headings = text.replaceAll(fence, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)
  return new Set([...headings].map(([, heading = '']) => slugger.slug(plainText(heading))))
}

function plainText(heading: string): string {
  return heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '')
}
