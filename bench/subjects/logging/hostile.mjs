const megabytes = 10
const size = megabytes * 1_000_000

/** `part(index)` again and again, up to 10 MB, in one flat piece. */
function repeated(part) {
  const block = Array.from({ length: 4096 }, (_, index) => part(index)).join('')
  const text = block.repeat(Math.ceil(size / block.length)).slice(0, size)
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** Sixteen digits as of a card, the last of them one too high. */
function almostCard(index) {
  const digits = `4${String((index + 1) * 7919).padStart(14, '0')}`
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const doubled = Number(digits[i]) * (i % 2 === 0 ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return `${digits}${(11 - (sum % 10)) % 10} `
}

/** What nobody has anything to look for in. */
export const plain = () =>
  repeated((index) => `the report of learner ${index % 97} was drawn, read and put away; `)

/** Texts that almost hold what each detector looks for, as close together as they go. */
export const hostile = {
  'almost JWTs': () => repeated((index) => (index % 2 ? 'eyJhbGciOiJ' : 'eyJ.eyJ.')),
  'one endless JWT': () => repeated(() => 'eyJ'),
  'Bear and Bas': () => repeated((index) => ['Bear ', 'Beare ', 'Basi ', 'bas ', 'bearer; '][index % 5]),
  'keys without values': () =>
    repeated((index) => ['key=', 'key: ', 'passwor=', '"toke":', 'api_ke='][index % 5]),
  'URLs without passwords': () =>
    repeated((index) => ['http://user: ', 'http://user ', 'https://a:b ', '//:@/ ', 'x://u:p/ '][index % 5]),
  'queries without secrets': () => repeated((index) => `?ke=${index % 10}&toke=${index % 7}`),
  'percent escapes': () => repeated((index) => ['%74oke%', '%6bey%3', '%25%32%35', '%zz'][index % 4]),
  'digits that fail Luhn': () => repeated(almostCard),
  'one endless number': () => repeated(() => '4111111111111112'),
  'PEM beginnings': () =>
    repeated((index) => ['-----BEGI', '----BEGIN ', '--- -----', '-----END'][index % 4]),
  'cloud key beginnings': () =>
    repeated((index) => ['AKIA', 'ghp_abc.', 'sk-live', 'xoxb-', 'AIzaSy.', 'hf_x.', 'SG.'][index % 7]),
  'almost e-mail': () => repeated((index) => ['a.b-c', '@', 'user@hos', ' x@y. ', '@@', 'a@b '][index % 6]),
  'almost IP addresses': () =>
    repeated((index) => ['1.2.3.', '256.1.1.1.', ':::1', 'fe80:', '999.9'][index % 5]),
  // Of all the same share, short pieces beside each other.
  mixed: () => {
    const pieces = [
      'eyJhbGciOiJ.',
      'Bear ',
      'key=',
      'http://user:',
      '4111 1111 1111 1112',
      '-----BEGI',
      'AKIA',
      '%74oke%3d',
      'a.b@c',
      '"toke":"',
      '?ke=1&',
      '10.0.0.',
    ]
    return repeated((index) => pieces[(index * 7) % pieces.length])
  },
}
