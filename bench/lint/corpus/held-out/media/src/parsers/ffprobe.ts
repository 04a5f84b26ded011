import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { log } from '../lib/log';

const run = promisify(execFile);

const probeOutput = z.object({
  format: z.object({ duration: z.coerce.number().optional(), bit_rate: z.coerce.number().optional() }),
  streams: z.array(z.record(z.string(), z.unknown())),
});

export interface MediaInfo {
  duration: number;
  video?: { codec: string; width: number; height: number; fps: number; rotation: number };
  audio?: { codec: string; channels: number };
}

export function parseFps(value: unknown): number {
  if (typeof value === 'number') return value; //= return: no  parser
  if (typeof value !== 'string') return 0; //= return: no  parser
  const [num, den] = value.split('/').map(Number);
  if (!den) return Number.isFinite(num) ? num : 0; //= return: no  parser
  return Math.round((num / den) * 1000) / 1000;
}

function rotationOf(stream: Record<string, unknown>): number {
  const tags = stream.tags as Record<string, string> | undefined;
  if (tags?.rotate) return Number(tags.rotate) % 360; //= return: no  getter
  const side = stream.side_data_list as { rotation?: number }[] | undefined;
  for (const entry of side ?? []) {
    if (entry.rotation !== undefined) return (360 + entry.rotation) % 360; //= return: no  getter
  }
  return 0;
}

function videoOf(streams: Record<string, unknown>[]): MediaInfo['video'] {
  const stream = streams.find((s) => s.codec_type === 'video' && !(s.disposition as Record<string, number> | undefined)?.attached_pic);
  if (!stream) return undefined; //= return: no  getter
  return {
    codec: String(stream.codec_name),
    width: Number(stream.width),
    height: Number(stream.height),
    fps: parseFps(stream.avg_frame_rate),
    rotation: rotationOf(stream),
  };
}

export function parseDuration(text: string): number | null {
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text);
  if (iso) {
    const [, h = '0', m = '0', s = '0'] = iso;
    return Number(h) * 3600 + Number(m) * 60 + Number(s); //= return: no  parser
  }
  const parts = text.split(':').map(Number);
  if (parts.some(Number.isNaN)) return null; //= return: no  parser
  return parts.reduce((sum, part) => sum * 60 + part, 0);
}

export async function probe(file: string): Promise<MediaInfo> {
  let stdout: string;
  try {
    ({ stdout } = await run('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', file], { timeout: 30_000 }));
  } catch (err) { //= catch: no  wrapped with its cause
    throw new Error('ffprobe failed', { cause: err });
  }
  const output = probeOutput.parse(JSON.parse(stdout));
  const audio = output.streams.find((s) => s.codec_type === 'audio');
  return {
    duration: output.format.duration ?? 0,
    video: videoOf(output.streams),
    audio: audio && { codec: String(audio.codec_name), channels: Number(audio.channels ?? 2) },
  };
}

export async function available(): Promise<boolean> {
  try {
    await run('ffprobe', ['-version']);
    return true; //= return: no  feature detection
  } catch { //= catch: no  feature detection
    log.info('ffprobe_not_installed', { path: process.env.PATH?.split(':').length });
    return false; //= return: no  feature detection, logged as well
  }
}
