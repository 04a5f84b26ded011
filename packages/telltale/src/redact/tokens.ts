import { censor } from './censor.js'

/**
 * Keys that tell what they are by their beginning. Each is a literal and one character class behind it, so a failing
 * match costs its shortest length at most and the search stays linear.
 */
export const cloudKeys: readonly (readonly [name: string, pattern: string])[] = [
  ['AWS access key id', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}'],
  ['Azure storage account key', 'AccountKey=[\\w+/]{40,}={0,2}'],
  ['Anthropic, OpenAI, Stripe', '(?:sk|rk|pk)[-_](?:live|test|proj|ant|svcacct|admin)[-_][\\w-]{10,}'],
  ['OpenAI, older', 'sk-[A-Za-z0-9]{20,}'],
  ['DigitalOcean', 'do[opr]_v1_[a-f0-9]{32,}'],
  ['Docker Hub', 'dckr_(?:pat|oat)_[\\w-]{16,}'],
  ['GitHub', '(?:gh[pousr]|github_pat)_\\w{16,}'],
  ['GitLab', 'gl(?:pat|dt|rt|ptt|cbt|soat|ft|oas)-[\\w-]{16,}'],
  ['Google API key', 'AIza[\\w-]{30,}'],
  ['Google OAuth', '(?:ya29\\.|GOCSPX-)[\\w-]{16,}'],
  ['HashiCorp Vault', 'hv[sbr]\\.[\\w-]{16,}'],
  ['Hugging Face', 'hf_[A-Za-z0-9]{20,}'],
  ['npm', 'npm_[A-Za-z0-9]{16,}'],
  ['PyPI', 'pypi-[\\w-]{16,}'],
  ['SendGrid', 'SG\\.[\\w-]{16,}(?:\\.[\\w-]+)?'],
  ['Shopify', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{16,}'],
  ['Slack token', 'xox[a-z]-[\\w-]{10,}|xapp-[\\w-]{10,}'],
  ['Slack webhook', 'hooks\\.slack\\.com/(?:services|workflows)/[\\w/-]{16,}'],
  ['Stripe webhook', 'whsec_[\\w+/]{16,}'],
]

const cloudKey = new RegExp(`(?<![A-Za-z0-9])(?:${cloudKeys.map(([, pattern]) => pattern).join('|')})`, 'g')

export function screenCloudKeys(text: string): string {
  return text.replace(cloudKey, censor)
}

/**
 * JSON Web Tokens: `eyJ…` (base64 of `{"`), a dot, and further dotted segments. A run without a dot is left at once,
 * so each character is looked at once.
 */
export function screenJwts(text: string): string {
  let out = ''
  let kept = 0
  for (let start = text.indexOf('eyJ'); start >= 0;) {
    const header = endOfSegment(text, start)
    let end = header
    while (text[end] === '.') end = endOfSegment(text, end + 1)
    // Dots at the end, with nothing behind, end a sentence.
    while (text[end - 1] === '.') end--
    if (end > header && header - start >= minHeader) {
      out += text.slice(kept, start) + censor
      kept = end
    }
    start = text.indexOf('eyJ', Math.max(end, start + 3))
  }
  return kept === 0 ? text : out + text.slice(kept)
}

// The shortest real one, {"alg":"x"}, has 15 characters.
const minHeader = 8

function endOfSegment(text: string, start: number): number {
  let end = start
  while (end < text.length && isBase64Url(text.charCodeAt(end))) end++
  return end
}

function isBase64Url(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45
  )
}

/** PEM blocks of any label; one without an end is cut off, so all behind its beginning goes. */
export function screenPem(text: string): string {
  let out = ''
  let kept = 0
  for (let start = text.indexOf(pemBegin); start >= 0; start = text.indexOf(pemBegin, kept)) {
    out += text.slice(kept, start) + censor
    const footer = text.indexOf('-----END', start)
    if (footer < 0) return out
    const dashes = text.indexOf('-----', footer + 8)
    // The footer's own label is short; without its dashes it is cut off too.
    if (dashes < 0 || dashes - footer > 80) return out
    kept = dashes + 5
  }
  return kept === 0 ? text : out + text.slice(kept)
}

const pemBegin = '-----BEGIN'
