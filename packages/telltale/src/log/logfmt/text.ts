/** Printable ASCII that no reader takes for anything but itself: no space, quote, `=` or backslash. */
const bareAscii = /^[!#-&(-<>-[\]-~]+$/
// White space of any alphabet parts words for some readers, and a single quote opens a value for some.
const quoted = /[\s"'=\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u
// What JSON leaves as it is and a terminal or a viewer does not; ZWNJ and ZWJ stay, scripts and emoji need them.
const unsafe = /(?![\u200c\u200d])[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text as a logfmt value: bare, or in double quotes with JSON's escapes, the only ones that Go's readers know. */
export function textValue(text: string): string {
  if (bareAscii.test(text)) return text
  if (text !== '' && !quoted.test(text)) return text
  return JSON.stringify(text).replace(unsafe, escapeUnits)
}

function escapeUnits(character: string): string {
  let out = ''
  for (let index = 0; index < character.length; index++) {
    out += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }
  return out
}
