import { listMembers } from './list-members.js'

const maxMembers = 32
const maxLength = 512
const longMember = 128

const keyThenValue =
  /^([a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/**
 * The caller's vendor state as it is forwarded, by W3C Trace Context level 1, section 3.3: in order, at most 512
 * characters. Undefined where it is absent, empty or invalid: a member that is none, more than 32, or a key that
 * stands twice, for only one entry per key is allowed and nobody can say which of two is the last position
 * (section 3.3.2).
 */
export function parseTracestate(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined
  const members = listMembers(header)
  if (members.length === 0 || members.length > maxMembers) return undefined
  const keys = new Set<string>()
  for (const member of members) {
    const key = keyThenValue.exec(member)?.[1]
    if (key === undefined || keys.has(key)) return undefined
    keys.add(key)
  }
  return shortened(members).join(',') || undefined
}

/** Whole members go: first those of more than 128 characters, then any, both from the end (section 3.3.1.5). */
function shortened(members: readonly string[]): readonly string[] {
  const kept = [...members]
  let length = kept.reduce((sum, member) => sum + member.length + 1, -1)
  for (const isDue of [(member: string) => member.length > longMember, () => true]) {
    for (let index = kept.length - 1; index >= 0 && length > maxLength; index--) {
      if (!isDue(kept[index]!)) continue
      length -= kept[index]!.length + 1
      kept.splice(index, 1)
    }
  }
  return kept
}
