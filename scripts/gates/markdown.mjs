import { filesBelow, readText } from './tools.mjs'

/** Every Markdown file that people read. */
export function documents() {
  return filesBelow('.', /\.md$/).filter((path) => !/(^|\/)CHANGELOG\.md$/.test(path))
}

/**
 * The ```ts blocks of a document, each with the line it begins on. A comment before a block, `<!-- prelude: … -->`, declares
 * what the block leaves out.
 */
export function codeBlocks(path) {
  const text = readText(path)
  const pattern =
    /(?:^<!-- prelude:((?:(?!-->)[\s\S])*)-->\s*)?^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```/gm
  return [...text.matchAll(pattern)].map(({ index, 0: whole, 1: prelude = '', 2: code }) => {
    const opening = index + whole.lastIndexOf(code) - 1
    return {
      line: text.slice(0, opening).split('\n').length + 1,
      prelude: prelude.replace(/\s+/g, ' ').trim(),
      code,
    }
  })
}

/** The text without code, where a link is a link. */
export function prose(path) {
  return readText(path)
    .replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, '')
}

/** Anchors of a document's headings, as repository hosts make them. */
export function anchors(path) {
  const headings = readText(path)
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#+ (.+)$/gm)
  return new Set(
    [...headings].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}
