// Imported first by every command. Nothing newer than ES2015 here and in the command files: an old Node must be able
// to parse them to be told that it is too old.
var wanted = [20, 19]
var have = process.versions.node.split('.').map(Number)

if (have[0] < wanted[0] || (have[0] === wanted[0] && have[1] < wanted[1])) {
  process.stderr.write(
    'Telltale needs Node >= ' +
      wanted.join('.') +
      '; this is ' +
      process.version +
      '. Install a current Node (https://nodejs.org) and run the command again.\n',
  )
  process.exit(1)
}
