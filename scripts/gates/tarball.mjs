import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from '../ready/install.mjs'
import { root } from '../ready/root.mjs'

/** Packs a workspace, by default the SDK, into a new folder, hands the tarball and what npm says about it to `use`, and removes the folder. */
export async function withTarball(use, workspace = 'telltale') {
  const parent = join(root, '.telltale')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'pack-'))
  try {
    const { code, stdout, output } = await npm([
      'pack',
      `--workspace=${workspace}`,
      '--json',
      '--ignore-scripts',
      '--loglevel=error',
      `--pack-destination=${folder}`,
    ])
    if (code !== 0) throw new Error(`npm pack failed:\n${output}`)
    const told = JSON.parse(stdout)
    const [report] = Array.isArray(told) ? told : Object.values(told)
    return await use({ file: join(folder, report.filename), report, folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
