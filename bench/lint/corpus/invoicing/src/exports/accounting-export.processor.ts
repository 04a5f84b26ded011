import { Processor, WorkerHost } from '@nestjs/bullmq';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Job } from 'bullmq';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportRepository, ExportRun } from './export.repository';
import { SftpUploader } from './sftp.uploader';
import { csvCell } from '../invoices/invoice.serializer';
import { MailGateway } from '../common/mail.gateway';

@Processor('exports', { lockDuration: 600_000 })
export class AccountingExportProcessor extends WorkerHost {
  constructor(
    @InjectPinoLogger('exports') private readonly logger: PinoLogger,
    private readonly repo: ExportRepository,
    private readonly sftp: SftpUploader,
    private readonly mail: MailGateway,
  ) {
    super();
  }

  async process(job: Job<{ runId: string; force?: boolean }>): Promise<{ rows: number } | null> {
    const run = await this.repo.start(job.data.runId);
    if (!run) return null; //= return: yes  export job completes without an export
    if (run.finishedAt && !job.data.force) return { rows: run.rows }; //= return: no  idempotent, the earlier result

    const dir = await mkdtemp(join(tmpdir(), 'export-'));
    const file = join(dir, `${run.period}.csv`);
    try {
      const rows = await this.write(file, run);
      if (rows === 0) {
        await this.repo.finish(run.id, { rows, note: 'empty period' });
        return { rows }; //= return: no  reason stored with the run
      }
      await this.deliver(run, file);
      await this.repo.finish(run.id, { rows });
      return { rows }; //= return: no  result at the end of try
    } catch (err) { //= catch: no  logged with ids, run marked
      this.logger.error({ err, runId: run.id, period: run.period }, 'export failed');
      await this.repo.fail(run.id, err);
      return null; //= return: no  logged
    } finally {
      await rm(dir, { recursive: true, force: true }).catch((err) => this.logger.warn({ err, dir }, 'temp dir left behind')); //= catch: no  logged
    }
  }

  private async write(file: string, run: ExportRun): Promise<number> {
    const out = createWriteStream(file, { encoding: 'latin1' });
    let rows = 0;
    try {
      for await (const entry of this.repo.entries(run.tenantId, run.period)) {
        if (!entry.account) {
          console.log('entry without account', entry.id); //= no-console  console in a processor with a logger
          continue;
        }
        out.write([entry.date, entry.account, entry.cents / 100, entry.text].map(csvCell).join(';') + '\r\n');
        rows++;
      }
    } finally {
      await new Promise<void>((resolve, reject) => out.end((e?: Error | null) => (e ? reject(e) : resolve())));
    }
    return rows;
  }

  private async deliver(run: ExportRun, file: string): Promise<void> {
    const target = await this.repo.target(run.tenantId);
    switch (target?.type) {
      case undefined:
        return; //= return: yes  file written, never delivered
      case 'sftp': {
        const credentials = await this.repo.credentials(target.id);
        this.logger.debug({ host: target.host, password: credentials.password }, 'connecting'); //= no-sensitive-fields  password
        return this.sftp.put(credentials, file, target.path); //= return: no  dispatch by type
      }
      case 'mail': {
        const { size } = await stat(file);
        if (size > 15_000_000) return; //= return: yes  too large a file silently not mailed
        await this.mail.send({ template: 'export', customerId: target.contactId, attachment: file });
        return; //= return: no  branch done
      }
    }
    throw new Error(`unknown export target ${target.type}`);
  }

  async rerun(runId: string, actorId: string): Promise<void> {
    const run = await this.repo.byId(runId);
    if (run?.state !== 'failed') return; //= return: yes  a manual rerun does nothing
    const newer = await this.repo.newerThan(run);
    if (newer.length > 0) {
      return; //= return: yes  refused for a later run, nobody told
    }
    await this.repo.reset(runId, actorId);
    await this.repo.enqueue(runId);
  }
}
