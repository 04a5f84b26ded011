import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Job, UnrecoverableError } from 'bullmq';
import { Repository } from 'typeorm';
import { Counter, Histogram } from 'prom-client';
import { Invoice } from '../invoice.entity';
import { PdfRenderer } from '../pdf-renderer';
import { PdfStore } from '../pdf-store';

const rendered = new Counter({ name: 'invoice_pdf_rendered_total', help: 'PDFs rendered', labelNames: ['outcome', 'template'] });
const duration = new Histogram({ name: 'invoice_pdf_seconds', help: 'Time to render', labelNames: ['invoice'] });

@Processor('render', { concurrency: 4 })
export class RenderPdfProcessor extends WorkerHost {
  private readonly logger = new Logger(RenderPdfProcessor.name);

  constructor(
    @InjectRepository(Invoice) private readonly invoices: Repository<Invoice>,
    private readonly renderer: PdfRenderer,
    private readonly store: PdfStore,
  ) {
    super();
  }

  async process(job: Job<{ invoiceId: string; reason?: string }>): Promise<string | undefined> {
    const { invoiceId } = job.data;
    const invoice = await this.invoices.findOne({ where: { id: invoiceId }, relations: ['lines', 'customer'] });
    if (!invoice) return undefined; //= return: yes  job ends as completed without a PDF

    if (invoice.pdfKey && invoice.pdfRevision === invoice.revision) {
      await job.log('up to date, keeping the stored file');
      return invoice.pdfKey; //= return: no  said in the job's log
    }

    const stop = duration.startTimer({ invoice: invoiceId }); //= bounded-labels  invoice id as a label
    let pdf: Buffer;
    try {
      pdf = await this.renderer.render(invoice.templateName, invoice);
    } catch (err) { //= catch: no  rethrown with cause
      rendered.inc({ outcome: 'failed', template: invoice.templateName });
      throw new UnrecoverableError(`template ${invoice.templateName} failed`, { cause: err } as ErrorOptions);
    } finally {
      stop();
    }

    const fresh = await this.invoices.findOneBy({ id: invoiceId });
    if (fresh?.revision !== invoice.revision) return; //= return: yes  rendered file thrown away, nobody knows

    const key = `${invoice.tenantId}/${invoiceId}/${invoice.revision}.pdf`;
    await this.store.put(key, pdf);
    await this.invoices.update(invoiceId, { pdfKey: key, pdfRevision: invoice.revision });
    rendered.inc({ outcome: 'ok', template: invoice.templateName });
    void this.dropOld(invoice.pdfKey);
    return key;
  }

  private async dropOld(key: string | null) {
    if (!key) return; //= return: no  nothing to do
    try {
      await this.store.remove(key);
    } catch (e: any) { //= catch: no  missing file is fine, the rest is logged
      if (e.code === 'NoSuchKey') return; //= return: no  narrowed, already gone
      this.logger.warn({ msg: 'old pdf not removed', key, err: e });
    }
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job | undefined, err: Error) {
    if (!job) return; //= return: maybe  stalled job is lost, its error with it
    if (job.attemptsMade < (job.opts.attempts ?? 1)) return; //= return: no  will be retried
    this.logger.error('PDF job gave up: ' + err.message, job.id); //= error-with-context  only the message, concatenated //= structured-event  concatenated message
  }

  async warmUp(tenantId: string): Promise<void> {
    const recent = await this.invoices.find({ where: { tenantId }, order: { issueDate: 'DESC' }, take: 20 });
    const sample = recent.find((i) => i.lines?.length);
    if (!sample) return; //= return: no  nothing to warm up with
    const template = await this.renderer.compile(sample.templateName).catch(() => undefined); //= catch: yes  broken template hidden until the first render
    if (template === undefined) return; //= return: yes  warm-up given up without a word
    await this.store.put(`warm/${tenantId}.bin`, template);
  }
}
