import { join } from 'node:path'
import { build, builds, isBuilt } from './build.mjs'
import { install, isInstalled } from './install.mjs'
import { withLock } from './lock.mjs'
import { step } from './progress.mjs'
import { root } from './root.mjs'

/** Installs and builds what is missing or out of date; reads every input of a build, and runs nothing when all is up to date. `force` builds all the same. */
export async function ready({ force = false } = {}) {
  if (!force && isInstalled() && builds.every(isBuilt)) return
  const onWait = () => process.stderr.write('  another run is installing or building: waiting for it …\n')
  await withLock(
    join(root, '.telltale/ready.lock'),
    async () => {
      if (!isInstalled()) await step('install dependencies from package-lock.json', install)
      for (const one of builds) if (force || !isBuilt(one)) await step(`build ${one.name}`, () => build(one))
    },
    { onWait },
  )
}
