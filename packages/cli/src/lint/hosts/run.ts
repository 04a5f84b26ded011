import type { Linted } from '../finding.js'
import { NoVerdict } from '../no-verdict.js'
import type { LintCall } from '../options.js'
import type { Found } from './find.js'
import { pluginName } from './plugin.js'

/** Runs the host. Throws a `NoVerdict` where it can't, has nothing to look at, or none of our rules is on. */
export async function run(
  { host, other, installed }: Found,
  call: LintCall,
  folder: string,
  hasPlugin: boolean,
): Promise<Linted> {
  const setup = other === undefined ? host.setup : `${host.setup}; or, for ${other.title}, ${other.setup}`
  const missing = `${pluginName} is not installed in ${folder}: npm install --save-dev ${pluginName}, and then, ${setup}.`
  try {
    const linted = await host.lint({ ...call, folder, installed })
    if (linted.files.length === 0)
      throw new NoVerdict(
        `${host.title} linted no file: ${call.paths.join(' ') || folder} holds none that it takes, or it ignores all.`,
      )
    if (linted.isConfigured) return linted
  } catch (error) {
    if (!(error instanceof NoVerdict) || hasPlugin) throw error
    throw new NoVerdict(`${missing}\n${error.message}`)
  }
  if (!hasPlugin) throw new NoVerdict(missing)
  const none =
    other === undefined
      ? `the configuration of ${host.title} switches on no rule of ${pluginName}`
      : `neither the configuration of ${host.title} nor that of ${other.title} switches on a rule of ${pluginName}`
  throw new NoVerdict(`${none}. Add it ${setup}; --host and --config say what else to use.`)
}
