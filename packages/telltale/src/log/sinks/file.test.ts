import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileSink, reopenFiles } from './file.js'

let folder: string
let file: string
let now = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sink-'))
  file = join(folder, 'log')
  now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function write(text: string): void {
  const sink = fileSink(file)
  sink.write(text, 'info')
  sink.flush()
}

describe('fileSink', () => {
  it('is one for a file, however it is named', () => {
    const sink = fileSink(file)
    expect(fileSink(relative(process.cwd(), file))).toBe(sink)
    expect(fileSink(join(folder, 'x', '..', 'log'))).toBe(sink)
    expect(fileSink(join(folder, 'other'))).not.toBe(sink)
  })

  it('appends, makes the folder, and lets nobody read but owner and group', () => {
    file = join(folder, 'a', 'b', 'log')
    mkdirSync(join(folder, 'a', 'b'), { recursive: true })
    writeFileSync(file, 'before\n')
    write('one\n')
    expect(readFileSync(file, 'utf8')).toBe('before\none\n')
    file = join(folder, 'c', 'log')
    write('one\n')
    expect(statSync(file).mode & 0o007).toBe(0)
  })

  it('throws what opening throws, and is not kept then', () => {
    writeFileSync(file, '')
    expect(() => fileSink(join(file, 'below'))).toThrow(/EEXIST|ENOTDIR/)
    rmSync(file)
    expect(() => fileSink(join(file, 'below'))).not.toThrow()
  })

  it('looks once a second whether the file was moved', () => {
    write('one\n')
    renameSync(file, `${file}.1`)
    write('two\n')
    expect(existsSync(file)).toBe(false)
    now += 1001
    write('three\n')
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('one\ntwo\n')
    expect(readFileSync(file, 'utf8')).toBe('three\n')
  })

  it('writes what was waiting to the file it was for', () => {
    const sink = fileSink(file)
    sink.write('one\n', 'info')
    renameSync(file, `${file}.1`)
    sink.reopen()
    sink.write('two\n', 'info')
    sink.flush()
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('one\n')
    expect(readFileSync(file, 'utf8')).toBe('two\n')
  })

  it('goes on with the former file where a new one can not be opened', () => {
    const parent = join(folder, 'logs')
    file = join(parent, 'log')
    write('one\n')
    renameSync(parent, join(folder, 'moved'))
    writeFileSync(parent, '')
    fileSink(file).reopen()
    write('two\n')
    expect(readFileSync(join(folder, 'moved', 'log'), 'utf8')).toBe('one\ntwo\n')
  })
})

describe('reopenFiles', () => {
  it('opens every file anew and says whether there was one', () => {
    write('one\n')
    renameSync(file, `${file}.1`)
    expect(reopenFiles()).toBe(true)
    write('two\n')
    expect(readFileSync(file, 'utf8')).toBe('two\n')
  })
})
