/** What ends a line to ECMAScript and ESLint; oxlint counts the last two as characters. */
export const lineBreak = /\r\n|[\n\r\u2028\u2029]/g
