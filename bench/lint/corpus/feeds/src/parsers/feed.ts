import { XMLParser } from 'fast-xml-parser'
import { componentLog } from '../log.js'
import { parseDate } from './dates.js'

export interface ParsedItem {
  guid: string
  title?: string
  link?: string
  html?: string
  publishedAt?: string
}
export interface ParsedFeed {
  title?: string
  items: ParsedItem[]
}
type Node = Record<string, any>

const log = componentLog('parser')
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', cdataPropName: '#cdata' })

const asArray = <T>(value: T | T[] | undefined): T[] => {
  if (value === undefined) return [] //= return: no  pure
  return Array.isArray(value) ? value : [value]
}

function text(node: unknown): string | undefined {
  if (typeof node === 'string') return node.trim() || undefined //= return: no  parser
  if (typeof node === 'number') return String(node) //= return: no  parser
  if (node && typeof node === 'object') {
    const inner = node as Node
    return text(inner['#cdata'] ?? inner['#text']) //= return: no  parser
  }
  return undefined
}

function linkOf(entry: Node): string | undefined {
  for (const link of asArray<Node | string>(entry.link)) {
    if (typeof link === 'string') return link //= return: no  parser
    if (!link['@rel'] || link['@rel'] === 'alternate') return link['@href'] //= return: no  parser
  }
  return undefined
}

function fromRss(channel: Node): ParsedFeed {
  const items = asArray<Node>(channel.item).map((item) => ({
    guid: text(item.guid) ?? text(item.link) ?? '',
    title: text(item.title),
    link: text(item.link),
    html: text(item['content:encoded']) ?? text(item.description),
    publishedAt: parseDate(text(item.pubDate) ?? text(item['dc:date'])),
  }))
  return { title: text(channel.title), items }
}

function fromAtom(feed: Node): ParsedFeed {
  const items = asArray<Node>(feed.entry).map((entry) => {
    const link = linkOf(entry)
    return { guid: text(entry.id) ?? link ?? '', title: text(entry.title), link, html: text(entry.content), publishedAt: parseDate(text(entry.updated)) }
  })
  return { title: text(feed.title), items }
}

export function parseFeed(body: string, contentType = ''): ParsedFeed {
  if (contentType.includes('json')) {
    const json = JSON.parse(body) as { title?: string; items: (ParsedItem & { id: string })[] }
    return { title: json.title, items: json.items.map((item) => ({ ...item, guid: item.id })) } //= return: no  parser
  }

  let document: Node
  try {
    document = parser.parse(body)
  } catch (cause) { //= catch: no  rethrown with cause
    throw new SyntaxError('not well-formed XML', { cause })
  }

  if (document.rss?.channel) return fromRss(document.rss.channel) //= return: no  parser
  if (document.feed) return fromAtom(document.feed) //= return: no  parser
  if (document['rdf:RDF']) {
    const { channel, item } = document['rdf:RDF']
    return fromRss({ ...channel, item }) //= return: no  parser
  }
  log.debug(`no feed in a document with root ${Object.keys(document)[0]}`) //= structured-event  interpolated message
  return { items: [] }
}
