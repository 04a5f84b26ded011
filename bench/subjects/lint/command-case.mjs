// node command-case.mjs FOLDER COMMAND ARGS…: runs a linter's own command in a folder, and sends the CPU time that all
// threads of this process took from its start to its end.
import { pathToFileURL } from 'node:url'
import { endWithParent } from '../../harness/leash.mjs'

const [, , folder, command, ...args] = process.argv
endWithParent()
// Listening for the end of the other side would keep a linter alive that is done.
process.channel.unref()
process.chdir(folder)
process.argv = [process.execPath, command, ...args]
process.once('beforeExit', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpuMs: (user + system) / 1000, code: process.exitCode ?? 0 })
})
await import(pathToFileURL(command).href)
